<?php
/**
 * What readers are told below an article, by language; {key} and {link} are put in.
 *
 * @package corrections-service
 */

defined( 'ABSPATH' ) || exit;

return array(
	'en' => array(
		'sentence' => 'Saw a mistake? Select it and press {key}, or {link}.',
		'link'     => 'write to us',
		'key'      => 'Ctrl + Enter',
	),
	'uk' => array(
		'sentence' => 'Помітили помилку? Виділіть її й натисніть {key} або {link}.',
		'link'     => 'напишіть нам',
		'key'      => 'Ctrl + Enter',
	),
	'pl' => array(
		'sentence' => 'Widzisz błąd? Zaznacz go i naciśnij {key} albo {link}.',
		'link'     => 'napisz do nas',
		'key'      => 'Ctrl + Enter',
	),
	'de' => array(
		'sentence' => 'Einen Fehler entdeckt? Markieren Sie ihn und drücken Sie {key}, oder {link}.',
		'link'     => 'schreiben Sie uns',
		'key'      => 'Strg + Enter',
	),
	'fr' => array(
		'sentence' => 'Vous avez vu une erreur ? Sélectionnez-la et appuyez sur {key}, ou {link}.',
		'link'     => 'écrivez-nous',
		'key'      => 'Ctrl + Entrée',
	),
	'es' => array(
		'sentence' => '¿Ha visto un error? Selecciónelo y pulse {key}, o {link}.',
		'link'     => 'escríbanos',
		'key'      => 'Ctrl + Intro',
	),
	'pt' => array(
		'sentence' => 'Viu um erro? Selecione-o e pressione {key}, ou {link}.',
		'link'     => 'escreva-nos',
		'key'      => 'Ctrl + Enter',
	),
	'it' => array(
		'sentence' => 'Hai visto un errore? Selezionalo e premi {key}, oppure {link}.',
		'link'     => 'scrivici',
		'key'      => 'Ctrl + Invio',
	),
	'tr' => array(
		'sentence' => 'Bir hata mı gördünüz? Hatayı seçip {key} tuşlarına basın ya da {link}.',
		'link'     => 'bize yazın',
		'key'      => 'Ctrl + Enter',
	),
	'ar' => array(
		'sentence' => 'هل لاحظتم خطأ؟ حدّدوه واضغطوا {key}، أو {link}.',
		'link'     => 'اكتبوا إلينا',
		'key'      => 'Ctrl + Enter',
	),
	'he' => array(
		'sentence' => 'ראיתם טעות? סמנו אותה והקישו {key}, או {link}.',
		'link'     => 'כתבו לנו',
		'key'      => 'Ctrl + Enter',
	),
);
