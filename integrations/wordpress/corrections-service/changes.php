<?php
/**
 * What the service is told: that an article was published, changed or taken down, so that it reads it again at once.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'wp_after_insert_post', 'corrections_service_note_change', 10, 4 );
add_action( 'corrections_service_tell', 'corrections_service_tell' );

/**
 * Put an article's address among those that changed, and have the service told soon, in the background: saving never
 * waits for it. An import tells of nothing.
 *
 * Each address is an option of its own, so that of two articles saved at once neither overwrites the other; one task
 * tells of all of them.
 *
 * @param int          $post_id The article's.
 * @param WP_Post      $post    The article as it is now.
 * @param bool         $update  Unused.
 * @param WP_Post|null $before  The article as it was.
 */
function corrections_service_note_change( $post_id, $post, $update, $before ) {
	$settings = corrections_service_settings();
	if ( ( defined( 'WP_IMPORTING' ) && WP_IMPORTING ) || '' === $settings['token'] || '' === corrections_service_address( '' ) ) {
		return;
	}
	$addresses = array();
	foreach ( array( $before, $post ) as $version ) {
		if ( $version && 'publish' === $version->post_status && in_array( $version->post_type, $settings['types'], true ) ) {
			$addresses[] = get_permalink( $version );
		}
	}
	foreach ( array_unique( $addresses ) as $address ) {
		add_option( 'corrections_service_changed_' . uniqid( "{$post_id}_", true ), $address, '', false );
	}
	if ( $addresses ) {
		// Look anew whether the task is there: it may have run, without this address, since this request began.
		wp_cache_delete_multiple( array( 'alloptions', 'cron' ), 'options' );
		wp_schedule_single_event( time(), 'corrections_service_tell', array( 1 ) ); // Nothing where it is there.
	}
}

/**
 * The addresses that wait for the service to be told, the oldest first, by the names of their options.
 *
 * @return string[]
 */
function corrections_service_changes() {
	global $wpdb;
	$like = $wpdb->esc_like( 'corrections_service_changed_' ) . '%';
	$rows = $wpdb->get_results( $wpdb->prepare( "SELECT option_name, option_value FROM $wpdb->options WHERE option_name LIKE %s ORDER BY option_id", $like ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery
	return array_column( $rows, 'option_value', 'option_name' );
}

/**
 * Tell the service of all articles that changed, 200 a call, which is what it takes.
 *
 * Where it does not answer, again after 1, 4, 16 and 64 minutes, and with the next change; the newest 500 wait for that.
 *
 * @param int $try The first is 1.
 */
function corrections_service_tell( $try ) {
	wp_unschedule_hook( 'corrections_service_tell' ); // A later try of those that are told now.
	if ( '' === corrections_service_settings()['token'] || '' === corrections_service_address( '' ) ) {
		return;
	}
	$changes = corrections_service_changes();
	foreach ( array_chunk( $changes, 200, true ) as $part ) {
		$code = corrections_service_answer_to_change( array_values( array_unique( $part ) ), 10 );
		update_option( 'corrections_service_trouble', corrections_service_trouble_with( $code ), false );
		if ( ! is_int( $code ) || 429 === $code || $code >= 500 ) {
			$is_last = $try >= 5;
			array_map( 'delete_option', array_keys( $is_last ? $changes : array_slice( $changes, 0, -500 ) ) );
			if ( ! $is_last ) {
				$later = time() + MINUTE_IN_SECONDS * 4 ** ( $try - 1 );
				wp_schedule_single_event( $later, 'corrections_service_tell', array( $try + 1 ) );
			}
			return;
		}
		array_map( 'delete_option', array_keys( $part ) );
	}
}

/**
 * The status of the service's answer to a change of these articles, or why there was none.
 *
 * @param string[] $addresses Of the articles.
 * @param int      $seconds   How long to wait at most.
 * @return int|string
 */
function corrections_service_answer_to_change( $addresses, $seconds ) {
	$answer = wp_remote_post(
		corrections_service_address( '/api/v1/articles/changed' ),
		array(
			'timeout'             => $seconds,
			'redirection'         => 0,
			'limit_response_size' => 100 * KB_IN_BYTES,
			'headers'             => array(
				'Authorization' => 'Bearer ' . corrections_service_settings()['token'],
				'Content-Type'  => 'application/json',
			),
			'body'                => wp_json_encode( array( 'urls' => $addresses ) ),
		)
	);
	return is_wp_error( $answer ) ? $answer->get_error_message() : (int) wp_remote_retrieve_response_code( $answer );
}

/**
 * What is wrong and what to do, in a sentence; "" where the change was taken.
 *
 * @param int|string $code As corrections_service_answer_to_change() gives it.
 * @return string
 */
function corrections_service_trouble_with( $code ) {
	switch ( $code ) {
		case 202:
			return '';
		case 401:
			return __( 'The token is not valid, or not any more: make a new one at the service and put it in here.', 'corrections-service' );
		case 403:
			return __( 'The token may not tell of changes: make one with the scope articles:changed.', 'corrections-service' );
		case 422:
			/* translators: %s: this site's address. */
			return sprintf( __( 'The service takes no articles from %s, or the token is another site’s: list the address at the service, under Settings.', 'corrections-service' ), home_url() );
		default:
			/* translators: %s: a status such as 503, or what the network said. */
			return sprintf( __( 'The service did not take the change of an article (%s). Its own looks see fixes later; see whether it runs.', 'corrections-service' ), $code );
	}
}
