<?php
/**
 * From a case at the service's desk into this site's editor: the service knows an article by its address, we by its number.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_post_corrections_service_edit', 'corrections_service_edit' );
add_action( 'admin_post_nopriv_corrections_service_edit', 'auth_redirect' );

/**
 * Lead an editor to where the article at `url` is edited. It changes nothing, so that it needs no nonce.
 */
function corrections_service_edit() {
	$address = isset( $_GET['url'] ) ? esc_url_raw( wp_unslash( $_GET['url'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification.Recommended
	$post_id = url_to_postid( $address );
	if ( ! $post_id || ! current_user_can( 'edit_post', $post_id ) ) {
		wp_die( esc_html__( 'No article at this address is yours to edit.', 'corrections-service' ), '', array( 'response' => 404, 'back_link' => true ) );
	}
	wp_safe_redirect( get_edit_post_link( $post_id, 'raw' ) );
	exit;
}
