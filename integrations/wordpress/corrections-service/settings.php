<?php
/**
 * The settings page: where the service is, which site this is there, what stands in the articles.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_init', 'corrections_service_register_settings' );
add_action( 'admin_menu', 'corrections_service_add_page' );
add_filter( 'plugin_action_links_' . plugin_basename( __DIR__ . '/corrections-service.php' ), 'corrections_service_link_page' );

/**
 * Take the settings from the page's own form alone.
 */
function corrections_service_register_settings() {
	register_setting( 'corrections_service', 'corrections_service', array( 'type' => 'array', 'sanitize_callback' => 'corrections_service_checked' ) );
}

/**
 * Put the page into the menu, for those who may change settings.
 */
function corrections_service_add_page() {
	$title = __( 'Corrections', 'corrections-service' );
	add_options_page( $title, $title, 'manage_options', 'corrections-service', 'corrections_service_print_page' );
}

/**
 * Lead from the list of plugins to the page.
 *
 * @param string[] $links So far.
 * @return string[]
 */
function corrections_service_link_page( $links ) {
	$address = admin_url( 'options-general.php?page=corrections-service' );
	array_unshift( $links, '<a href="' . esc_url( $address ) . '">' . esc_html__( 'Settings', 'corrections-service' ) . '</a>' );
	return $links;
}

/**
 * The settings as they are kept; what is wrong stays as it was, with a sentence that says why.
 *
 * @param mixed $sent The form's fields.
 * @return array
 */
function corrections_service_checked( $sent ) {
	$settings = corrections_service_settings();
	$sent     = is_array( $sent ) ? $sent : array();
	$text     = function ( $name ) use ( $sent ) {
		return isset( $sent[ $name ] ) && is_string( $sent[ $name ] ) ? trim( $sent[ $name ] ) : '';
	};
	$service  = rtrim( $text( 'service' ), '/' );
	if ( $service !== $settings['service'] && ! current_user_can( 'unfiltered_html' ) ) {
		add_settings_error( 'corrections_service', 'service', __( 'The service’s script runs in your pages, so only who may write scripts changes its address; on a network of sites, its administrators.', 'corrections-service' ) );
	} elseif ( '' === $service || corrections_service_is_safe( $service ) ) {
		$settings['token']   = $service === $settings['service'] ? $settings['token'] : ''; // It was for the former one.
		$settings['service'] = $service;
	} else {
		add_settings_error( 'corrections_service', 'service', __( 'The service’s address begins with https:// and ends with its host, such as https://corrections.example.', 'corrections-service' ) );
	}
	foreach ( array( 'key', 'token' ) as $name ) {
		if ( preg_match( '/^[\w.~-]{1,200}\z/', $text( $name ) ) || ( 'key' === $name && '' === $text( $name ) ) ) {
			$settings[ $name ] = $text( $name );
		} elseif ( '' !== $text( $name ) ) {
			/* translators: %s: what was typed for, site key or token. */
			add_settings_error( 'corrections_service', $name, sprintf( __( 'The %s holds letters, digits, - and _ alone: copy it anew.', 'corrections-service' ), 'key' === $name ? __( 'site key', 'corrections-service' ) : __( 'token', 'corrections-service' ) ) );
		}
	}
	if ( ! empty( $sent['forget'] ) ) {
		$settings['token'] = '';
	} elseif ( '' === $settings['token'] && '' !== corrections_service_settings()['token'] ) {
		add_settings_error( 'corrections_service', 'token', __( 'The address of the service changed, so the token is forgotten: make one at the service, and put it in here.', 'corrections-service' ), 'warning' );
	}
	if ( in_array( $text( 'places' ), array( 'gravity', 'top', 'bottom', 'none' ), true ) ) {
		$settings['places'] = $text( 'places' );
	}
	$settings['sentence'] = ! empty( $sent['sentence'] );
	$types                = isset( $sent['types'] ) && is_array( $sent['types'] ) ? $sent['types'] : array();
	$settings['types']    = array_values( array_intersect( get_post_types( array( 'public' => true ) ), $types ) );
	update_option( 'corrections_service_trouble', '', false );
	return $settings;
}

/**
 * Whether this is an address of a service to which words of readers may go: over https, or to this very machine.
 *
 * @param string $address Without a slash at its end.
 * @return bool
 */
function corrections_service_is_safe( $address ) {
	$parts    = wp_parse_url( $address );
	$is_plain = is_array( $parts ) && ! array_diff( array_keys( $parts ), array( 'scheme', 'host', 'port', 'path' ) );
	if ( ! $is_plain || empty( $parts['scheme'] ) || empty( $parts['host'] ) || sanitize_url( $address ) !== $address ) {
		return false;
	}
	return 'https' === $parts['scheme'] || ( 'http' === $parts['scheme'] && in_array( $parts['host'], array( 'localhost', '127.0.0.1', '[::1]' ), true ) );
}

/**
 * Print the page.
 */
function corrections_service_print_page() {
	if ( ! current_user_can( 'manage_options' ) ) {
		return;
	}
	$settings = corrections_service_settings();
	$trouble  = get_option( 'corrections_service_trouble', '' );
	$places   = array(
		'gravity' => __( 'By gravity: minor ones below the article, others above it', 'corrections-service' ),
		'top'     => __( 'All above the article', 'corrections-service' ),
		'bottom'  => __( 'All below the article', 'corrections-service' ),
		'none'    => __( 'Only where the block or the shortcode [corrections_service] stands', 'corrections-service' ),
	);
	$types    = get_post_types( array( 'public' => true ), 'objects' );
	unset( $types['attachment'] );
	require __DIR__ . '/page.php';
}
