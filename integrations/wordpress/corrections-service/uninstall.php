<?php
/**
 * Take away all that the plugin kept, on every site of a network.
 *
 * @package corrections-service
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Take away what it kept of the present site.
 */
function corrections_service_remove() {
	global $wpdb;
	delete_option( 'corrections_service' );
	delete_option( 'corrections_service_trouble' );
	wp_unschedule_hook( 'corrections_service_tell' );
	foreach ( array( 'corrections_service_changed_', '_transient_corrections_service_', '_transient_timeout_corrections_service_' ) as $prefix ) {
		$names = $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE %s", $wpdb->esc_like( $prefix ) . '%' ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
		array_map( 'delete_option', $names );
	}
}

if ( is_multisite() ) {
	$corrections_service_sites = get_sites( array( 'fields' => 'ids', 'number' => 0 ) );
	foreach ( $corrections_service_sites as $corrections_service_site ) {
		switch_to_blog( $corrections_service_site );
		corrections_service_remove();
		restore_current_blog();
	}
} else {
	corrections_service_remove();
}
