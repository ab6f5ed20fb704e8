<?php
/**
 * Exemptions from what optimizers do with scripts: a script that is delayed does not hear the first Ctrl+Enter.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

$corrections_service_lists = array(
	'rocket_delay_js_exclusions', // WP Rocket.
	'rocket_exclude_defer_js',
	'rocket_minify_excluded_external_js',
	'litespeed_optimize_js_excludes', // LiteSpeed Cache.
	'litespeed_optm_js_defer_exc',
	'litespeed_optm_gm_js_exc',
	'sgo_javascript_combine_excluded_external_paths', // SiteGround Speed Optimizer.
	'autoptimize_filter_js_exclude', // Autoptimize.
);
foreach ( $corrections_service_lists as $corrections_service_list ) {
	add_filter( $corrections_service_list, 'corrections_service_exempt' );
}

/**
 * Add the script's address to a list of exemptions, which Autoptimize keeps as words between commas.
 *
 * @param mixed $exempt The list so far.
 * @return mixed
 */
function corrections_service_exempt( $exempt ) {
	$address = preg_replace( '#^https?://#', '', corrections_service_address( '/embed/' ) );
	if ( '' === $address ) {
		return $exempt;
	}
	if ( is_string( $exempt ) ) {
		return '' === trim( $exempt ) ? $address : "$exempt, $address";
	}
	return array_merge( (array) $exempt, array( $address ) );
}
