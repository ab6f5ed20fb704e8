<?php
/**
 * The published corrections of an article: asked of the service, kept, and shown.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'requests-requests.before_request', 'corrections_service_hurry', 10, 5 );

/**
 * Give connecting to the service a second at most: where PHP has no curl, WordPress would wait ten.
 *
 * @param string $url     Of any request.
 * @param array  $headers Unused.
 * @param mixed  $data    Unused.
 * @param string $type    Unused.
 * @param array  $options Of the request.
 */
function corrections_service_hurry( $url, $headers, $data, $type, &$options ) {
	$service = corrections_service_address( '' );
	if ( '' !== $service && 0 === strpos( $url, "$service/" ) ) {
		$options['connect_timeout'] = 1;
	}
}

/**
 * The notices of the article at an address, by what the service last said.
 *
 * An answer is good for a minute. A page waits for one two seconds at most; where PHP has no curl, one to connect and two
 * for each part of the answer, about three. Where none comes, what the service said within a day is shown, or nothing, and
 * no page asks for the next minute.
 *
 * @param string $address The article's.
 * @return array[]
 */
function corrections_service_notices( $address ) {
	$asked = add_query_arg( 'url', rawurlencode( $address ), corrections_service_address( '/log/{key}/article.json' ) );
	$name  = 'corrections_service_' . md5( $asked );
	$kept  = get_transient( $name );
	if ( ! is_array( $kept ) ) {
		$kept = array( 'read' => 0, 'etag' => '', 'notices' => array() );
	}
	if ( $kept['read'] > time() - MINUTE_IN_SECONDS || get_transient( 'corrections_service_silent' ) ) {
		return $kept['notices'];
	}
	$answer = wp_remote_get(
		$asked,
		array(
			'timeout'             => 2,
			'redirection'         => 0,
			'limit_response_size' => MB_IN_BYTES,
			'headers'             => $kept['etag'] ? array( 'If-None-Match' => $kept['etag'] ) : array(),
		)
	);
	$data   = 200 === wp_remote_retrieve_response_code( $answer ) ? json_decode( wp_remote_retrieve_body( $answer ), true ) : null;
	if ( isset( $data['notices'] ) && is_array( $data['notices'] ) ) {
		$kept['etag']    = (string) wp_remote_retrieve_header( $answer, 'etag' );
		$kept['notices'] = array_filter( $data['notices'], 'is_array' );
	} elseif ( 304 !== wp_remote_retrieve_response_code( $answer ) ) {
		set_transient( 'corrections_service_silent', 1, MINUTE_IN_SECONDS );
		return $kept['notices'];
	}
	set_transient( $name, array_merge( $kept, array( 'read' => time() ) ), DAY_IN_SECONDS );
	return $kept['notices'];
}

/**
 * The notices that stand at a place, as HTML of as many lines as what the script puts in its place.
 *
 * @param array[] $notices All of the article.
 * @param string  $place   As for corrections_service_place().
 * @return string
 */
function corrections_service_shown( $notices, $place ) {
	$html = '';
	foreach ( $notices as $notice ) {
		$is_gone  = isset( $notice['retracted'] );
		$notice   = array_map( 'strval', array_filter( $notice, 'is_scalar' ) );
		$notice  += array_fill_keys( array( 'url', 'label', 'gravity', 'text', 'date', 'fate' ), '' );
		$is_minor = 'minor' === $notice['gravity'];
		if ( 'headline' === $place && 'serious' === $notice['gravity'] && ! $is_gone ) {
			return '<a class="corrected" href="' . esc_url( $notice['url'] ) . '">' . esc_html( $notice['label'] ) . '</a>';
		}
		if ( 'headline' === $place || ( 'top' === $place && $is_minor ) || ( 'bottom' === $place && ! $is_minor ) ) {
			continue;
		}
		$html .= sprintf(
			'<aside class="%s"><p dir="auto"><strong>%s:</strong> %s %s <a href="%s">%s</a></p></aside>',
			$is_gone ? 'correction retracted' : 'correction',
			esc_html( $notice['label'] ),
			esc_html( $notice['fate'] ),
			esc_html( $notice['text'] ),
			esc_url( $notice['url'] ),
			esc_html( $notice['date'] )
		);
	}
	return $html;
}
