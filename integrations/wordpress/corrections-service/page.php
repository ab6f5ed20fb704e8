<?php
/**
 * What the settings page shows: $settings, $trouble, $places and $types are corrections_service_print_page()'s.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

?>
<div class="wrap">
	<h1><?php esc_html_e( 'Corrections', 'corrections-service' ); ?></h1>
	<?php if ( $trouble ) : ?>
	<div class="notice notice-error inline"><p><?php echo esc_html( $trouble ); ?></p></div>
	<?php endif; ?>
	<?php corrections_service_print_points(); ?>
	<form method="post" action="options.php">
		<?php settings_fields( 'corrections_service' ); ?>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><label for="cs-service"><?php esc_html_e( 'Address of the service', 'corrections-service' ); ?></label></th>
				<td>
					<input id="cs-service" class="regular-text code" type="url" name="corrections_service[service]" value="<?php echo esc_attr( $settings['service'] ); ?>" placeholder="https://corrections.example" aria-describedby="cs-service-more">
					<p class="description" id="cs-service-more"><?php esc_html_e( 'Where your desk is, without what follows the host.', 'corrections-service' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="cs-key"><?php esc_html_e( 'Site key', 'corrections-service' ); ?></label></th>
				<td>
					<input id="cs-key" class="regular-text code" type="text" name="corrections_service[key]" value="<?php echo esc_attr( $settings['key'] ); ?>" autocomplete="off" spellcheck="false" aria-describedby="cs-key-more">
					<p class="description" id="cs-key-more"><?php esc_html_e( 'At the service, under Settings → Getting started, it stands in the line for your pages: /embed/SITEKEY.js.', 'corrections-service' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="cs-token"><?php esc_html_e( 'Token', 'corrections-service' ); ?></label></th>
				<td>
					<input id="cs-token" class="regular-text code" type="password" name="corrections_service[token]" value="" autocomplete="new-password" placeholder="<?php echo $settings['token'] ? esc_attr__( 'One is kept; type another to replace it', 'corrections-service' ) : ''; ?>" aria-describedby="cs-token-more">
					<p class="description" id="cs-token-more"><?php esc_html_e( 'With it the service hears of each article that you publish or update, and sees fixes at once. Where the service runs:', 'corrections-service' ); ?></p>
					<p><code>corrections token add "WordPress" --site NAME --scope articles:changed</code></p>
					<?php if ( $settings['token'] ) : ?>
					<p><label><input type="checkbox" name="corrections_service[forget]" value="1"> <?php esc_html_e( 'Forget the token', 'corrections-service' ); ?></label></p>
					<?php endif; ?>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="cs-places"><?php esc_html_e( 'Corrections of the article', 'corrections-service' ); ?></label></th>
				<td>
					<select id="cs-places" name="corrections_service[places]">
						<?php foreach ( $places as $name => $label ) : ?>
						<option value="<?php echo esc_attr( $name ); ?>" <?php selected( $settings['places'], $name ); ?>><?php echo esc_html( $label ); ?></option>
						<?php endforeach; ?>
					</select>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Sentence for readers', 'corrections-service' ); ?></th>
				<td>
					<label><input type="checkbox" name="corrections_service[sentence]" value="1" <?php checked( $settings['sentence'] ); ?>> <?php esc_html_e( 'Below each article, tell readers how to report a mistake', 'corrections-service' ); ?></label>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Articles are', 'corrections-service' ); ?></th>
				<td>
					<fieldset>
						<legend class="screen-reader-text"><?php esc_html_e( 'Articles are', 'corrections-service' ); ?></legend>
						<?php foreach ( $types as $name => $kind ) : ?>
						<label><input type="checkbox" name="corrections_service[types][]" value="<?php echo esc_attr( $name ); ?>" <?php checked( in_array( $name, $settings['types'], true ) ); ?>> <?php echo esc_html( $kind->labels->name ); ?></label><br>
						<?php endforeach; ?>
					</fieldset>
				</td>
			</tr>
		</table>
		<?php submit_button(); ?>
	</form>
	<h2><?php esc_html_e( 'Does it work?', 'corrections-service' ); ?></h2>
	<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
		<input type="hidden" name="action" value="corrections_service_check">
		<?php wp_nonce_field( 'corrections_service_check' ); ?>
		<p><?php esc_html_e( 'Asks the service with the settings that are saved, and reads your newest article.', 'corrections-service' ); ?></p>
		<?php submit_button( __( 'Check', 'corrections-service' ), 'secondary', 'check', false ); ?>
	</form>
	<h2><?php esc_html_e( 'From a case into the editor', 'corrections-service' ); ?></h2>
	<p><?php esc_html_e( 'At the service, under Settings → CMS, put this pattern in: each case then leads to its article in this editor.', 'corrections-service' ); ?></p>
	<p><code><?php echo esc_html( admin_url( 'admin-post.php?action=corrections_service_edit&url={url}' ) ); ?></code></p>
</div>
