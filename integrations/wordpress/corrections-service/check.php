<?php
/**
 * The check behind the button: what works, and what does not with its cure, a sentence each.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_corrections_service_check', 'corrections_service_check' );

/**
 * Look at each point, keep what was seen for the page, and lead back there.
 */
function corrections_service_check() {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'Only who may change settings checks them.', 'corrections-service' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( 'corrections_service_check' );
	$points = corrections_service_point_of_service();
	if ( '' === $points[0][0] ) {
		$points = array_merge( $points, corrections_service_point_of_token(), corrections_service_point_of_page() );
	}
	set_transient( 'corrections_service_points_' . get_current_user_id(), $points, MINUTE_IN_SECONDS );
	wp_safe_redirect( admin_url( 'options-general.php?page=corrections-service' ) );
	exit;
}

/**
 * Print what was seen, once. Of each point the first words are what is wrong, the second what is right.
 */
function corrections_service_print_points() {
	$name   = 'corrections_service_points_' . get_current_user_id();
	$points = get_transient( $name );
	delete_transient( $name );
	foreach ( is_array( $points ) ? $points : array() as list( $wrong, $right ) ) {
		printf( '<div class="notice notice-%s inline"><p>%s</p></div>', $wrong ? 'error' : 'success', esc_html( $wrong ? $wrong : $right ) );
	}
}

/**
 * Whether the service answers at its address and knows the key.
 *
 * @return string[][]
 */
function corrections_service_point_of_service() {
	$address = corrections_service_address( '/log/{key}/article.json' );
	if ( '' === $address ) {
		return array( array( __( 'Type the address of the service and the site key, and save them first.', 'corrections-service' ), '' ) );
	}
	$settings = corrections_service_settings();
	$address  = add_query_arg( 'url', rawurlencode( home_url( '/' ) ), $address );
	$answer   = wp_remote_get( $address, array( 'timeout' => 5, 'redirection' => 0, 'limit_response_size' => MB_IN_BYTES ) );
	$status   = wp_remote_retrieve_response_code( $answer );
	$data     = json_decode( wp_remote_retrieve_body( $answer ), true );
	if ( is_wp_error( $answer ) ) {
		/* translators: 1: the service's address, 2: what the network said. */
		$wrong = sprintf( __( 'Nothing answers at %1$s (%2$s). See whether the address is right, the service runs, and this server may open connections to it.', 'corrections-service' ), $settings['service'], $answer->get_error_message() );
	} elseif ( 404 === $status && isset( $data['type'] ) && 'urn:corrections:not-found' === $data['type'] ) {
		/* translators: %s: the site key. */
		$wrong = sprintf( __( 'The service does not know the site key %s: copy it anew.', 'corrections-service' ), $settings['key'] );
	} elseif ( 200 !== $status || ! isset( $data['notices'] ) ) {
		/* translators: 1: the service's address, 2: a status such as 404. */
		$wrong = sprintf( __( 'What answers at %1$s is not the corrections service, or not well (status %2$s): take the address from your browser while the desk is open.', 'corrections-service' ), $settings['service'], $status );
	} else {
		$wrong = '';
	}
	return array( array( $wrong, __( 'The service answers and knows the site key.', 'corrections-service' ) ) );
}

/**
 * Whether the service takes word of changes; without a token it is not asked.
 *
 * @return string[][]
 */
function corrections_service_point_of_token() {
	if ( '' === corrections_service_settings()['token'] ) {
		return array( array( '', __( 'There is no token, so the service sees fixes by its own looks alone, which is later.', 'corrections-service' ) ) );
	}
	$trouble = corrections_service_trouble_with( corrections_service_answer_to_change( array( home_url( '/' ) ), 5 ) );
	update_option( 'corrections_service_trouble', '', false ); // It stands in the point.
	return array( array( $trouble, __( 'The service takes word of each article that changes here.', 'corrections-service' ) ) );
}

/**
 * Whether the newest article has the tag, as this site sends it to readers.
 *
 * @return string[][]
 */
function corrections_service_point_of_page() {
	$settings = corrections_service_settings();
	$newest   = get_posts( array( 'post_type' => $settings['types'], 'numberposts' => 1, 'has_password' => false ) );
	if ( ! $settings['types'] || ! $newest ) {
		return array( array( '', __( 'There is no article yet whose page could be read.', 'corrections-service' ) ) );
	}
	$page   = get_permalink( $newest[0] );
	$answer = wp_remote_get( $page, array( 'timeout' => 5, 'limit_response_size' => 2 * MB_IN_BYTES ) );
	$body   = wp_remote_retrieve_body( $answer );
	if ( 200 !== wp_remote_retrieve_response_code( $answer ) ) {
		/* translators: %s: an article's address. */
		$wrong = sprintf( __( 'This server cannot read its own page %s. The service reads it from outside: see Settings → Getting started there.', 'corrections-service' ), $page );
	} elseif ( false === strpos( $body, "/embed/{$settings['key']}.js" ) ) {
		/* translators: %s: an article's address. */
		$wrong = sprintf( __( 'The page %s comes without the tag: empty the page cache, and see that the theme calls wp_head().', 'corrections-service' ), $page );
	} else {
		$wrong = '';
	}
	/* translators: %s: an article's address. */
	return array( array( $wrong, sprintf( __( 'The tag stands in the page %s.', 'corrections-service' ), $page ) ) );
}
