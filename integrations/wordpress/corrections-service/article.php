<?php
/**
 * What stands in an article: the script's tag, the sentence for readers, and the places of its corrections.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

add_action( 'wp_head', 'corrections_service_print_tag' );
add_filter( 'the_content', 'corrections_service_add_to_article', 20 );
add_action( 'init', 'corrections_service_register_block' );
add_shortcode( 'corrections_service', 'corrections_service_shortcode' );

/**
 * Print the one tag on the page of an article, with what keeps optimizers from delaying or copying it.
 */
function corrections_service_print_tag() {
	$address = corrections_service_address( '/embed/{key}.js' );
	if ( '' === $address || ! corrections_service_is_article() ) {
		return;
	}
	wp_print_script_tag(
		array(
			'type'                    => 'module',
			'async'                   => true,
			'src'                     => $address,
			'nowprocket'              => true, // WP Rocket.
			'data-no-minify'          => '1',
			'data-no-optimize'        => '1', // LiteSpeed Cache.
			'data-no-defer'           => '1',
			'data-noptimize'          => '1', // Autoptimize.
			'data-cfasync'            => 'false', // Cloudflare's Rocket Loader.
			'data-pagespeed-no-defer' => true, // mod_pagespeed.
		)
	);
}

/**
 * Whether the page that is made is that of an article. (Of no type at all WordPress would say that every page is.)
 *
 * @return bool
 */
function corrections_service_is_article() {
	$types = corrections_service_settings()['types'];
	return $types && is_singular( $types );
}

/**
 * Put the corrections where the settings say, and the sentence below the article.
 *
 * Only round the article of the page: neither in excerpts and feeds, nor round others that a theme shows beside it.
 *
 * @param string $content The article.
 * @return string
 */
function corrections_service_add_to_article( $content ) {
	$settings = corrections_service_settings();
	$is_here  = corrections_service_is_article() && in_the_loop() && is_main_query()
		&& get_queried_object_id() === get_the_ID() && ! doing_filter( 'get_the_excerpt' );
	if ( ! $is_here || '' === corrections_service_address( '' ) ) {
		return $content;
	}
	switch ( $settings['places'] ) {
		case 'gravity':
			$content = corrections_service_place( 'top' ) . $content . corrections_service_place( 'bottom' );
			break;
		case 'top':
			$content = corrections_service_place( '' ) . $content;
			break;
		case 'bottom':
			$content .= corrections_service_place( '' );
			break;
	}
	return $settings['sentence'] ? $content . corrections_service_sentence() : $content;
}

/**
 * The sentence that tells readers of both ways, in the site's language where it is one of the eleven, else in English.
 *
 * @return string
 */
function corrections_service_sentence() {
	$all      = require __DIR__ . '/sentences.php';
	$language = strtok( strtolower( determine_locale() ), '_-' );
	$language = isset( $all[ $language ] ) ? $language : 'en';
	$words    = $all[ $language ];
	$address  = add_query_arg( 'url', rawurlencode( get_permalink() ), corrections_service_address( '/report/{key}' ) );
	$link     = '<a data-corrections-report href="' . esc_url( $address ) . '">' . esc_html( $words['link'] ) . '</a>';
	$key      = '<kbd data-corrections-key>' . esc_html( $words['key'] ) . '</kbd>';
	$sentence = strtr( esc_html( $words['sentence'] ), array( '{key}' => $key, '{link}' => $link ) );
	return '<p class="corrections-service-report" lang="' . esc_attr( $language ) . '">' . $sentence . '</p>';
}

/**
 * The corrections that stand at a place of the article. The script reads them anew in the browser, so that a page
 * from a cache tells the latest too.
 *
 * @param string $place "top" for graver ones, "bottom" for minor ones, "headline" for a mark at a serious one, "" for all.
 * @return string
 */
function corrections_service_place( $place ) {
	if ( '' === corrections_service_address( '' ) || ! get_permalink() ) {
		return '';
	}
	$element = 'headline' === $place ? 'span' : 'div';
	$notices = corrections_service_shown( corrections_service_notices( get_permalink() ), $place );
	return "<$element class=\"corrections-service\" data-corrections-log=\"" . esc_attr( $place ) . "\">$notices</$element>";
}

/**
 * A place by its name, as the block and the shortcode give it.
 *
 * @param mixed $attributes Of the block or the shortcode.
 * @return string
 */
function corrections_service_shortcode( $attributes ) {
	$place = is_array( $attributes ) && isset( $attributes['place'] ) ? $attributes['place'] : '';
	return corrections_service_place( in_array( $place, array( 'top', 'bottom', 'headline' ), true ) ? $place : '' );
}

/**
 * Let editors put the corrections into an article or a template as a block.
 */
function corrections_service_register_block() {
	register_block_type( __DIR__ . '/block', array( 'render_callback' => 'corrections_service_shortcode' ) );
}
