<?php
/**
 * Plugin Name:       Corrections Service
 * Description:       Readers select a mistake in an article and press Ctrl+Enter; your corrections service hears of every change, and its published corrections stand in the article.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The corrections-service founders
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       corrections-service
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/article.php';
require __DIR__ . '/notices.php';
require __DIR__ . '/changes.php';
require __DIR__ . '/optimizers.php';
if ( is_admin() ) {
	require __DIR__ . '/settings.php';
	require __DIR__ . '/check.php';
	require __DIR__ . '/edit.php';
}

/**
 * What an administrator chose for this site, and what holds where nothing was chosen.
 *
 * @return array{service: string, key: string, token: string, places: string, sentence: bool, types: string[]}
 */
function corrections_service_settings() {
	$usual = array(
		'service'  => '',
		'key'      => '',
		'token'    => '',
		'places'   => 'gravity',
		'sentence' => true,
		'types'    => array( 'post' ),
	);
	return wp_parse_args( get_option( 'corrections_service', array() ), $usual );
}

/**
 * An address of the service, "" while it is not set up.
 *
 * @param string $path What follows the service's address, with {key} for the site's key.
 * @return string
 */
function corrections_service_address( $path ) {
	$settings = corrections_service_settings();
	if ( '' === $settings['service'] || '' === $settings['key'] ) {
		return '';
	}
	return $settings['service'] . str_replace( '{key}', $settings['key'], $path );
}

register_deactivation_hook(
	__FILE__,
	function () {
		wp_unschedule_hook( 'corrections_service_tell' );
	}
);
