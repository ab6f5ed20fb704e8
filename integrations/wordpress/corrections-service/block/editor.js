// The block in the editor: a line that says what readers see there, and the choice of the place. The server renders it.
( function ( { blockEditor, blocks, components, element, i18n } ) {
	const { __ } = i18n;
	const places = [
		{ value: '', label: __( 'All corrections', 'corrections-service' ) },
		{ value: 'top', label: __( 'Graver ones, for above the article', 'corrections-service' ) },
		{ value: 'bottom', label: __( 'Minor ones, for below the article', 'corrections-service' ) },
		{ value: 'headline', label: __( 'A mark at a serious one, for beside the headline', 'corrections-service' ) },
	];

	blocks.registerBlockType( 'corrections-service/corrections', {
		edit: ( { attributes, setAttributes } ) =>
			element.createElement(
				'div',
				blockEditor.useBlockProps(),
				element.createElement(
					blockEditor.InspectorControls,
					null,
					element.createElement(
						components.PanelBody,
						null,
						element.createElement( components.SelectControl, {
							label: __( 'Which', 'corrections-service' ),
							value: attributes.place,
							options: places,
							onChange: ( place ) => setAttributes( { place } ),
						} )
					)
				),
				element.createElement(
					'p',
					null,
					__( 'Here stand the corrections of the article once there are any.', 'corrections-service' )
				)
			),
		save: () => null,
	} );
} )( window.wp );
