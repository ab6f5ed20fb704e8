"""Words that hide an error when a correction is announced with them, in each language: beginnings of words, folded."""

from __future__ import annotations

from collections.abc import Mapping

SOFT_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("updated", "tweaked", "amended for clarity", "adjusted", "refreshed", "polished", "reworded", "refined"),
    "uk": ("оновлен", "оновили", "уточнен", "уточнили", "відкоригован", "підправ", "доопрацьован", "актуалізован"),
    "pl": ("zaktualizowa", "uaktualni", "doprecyzowa", "dopracowa", "odświeżon", "skorygowaliśmy brzmienie", "wygładz"),
    "de": (
        "aktualisier",
        "angepasst",
        "überarbeitet",
        "präzisier",
        "nachgeschärft",
        "geglättet",
        "sprachlich geändert",
    ),
    "fr": ("mis à jour", "mise à jour", "actualisé", "ajusté", "remanié", "retouché", "affiné", "précisé"),
    "es": ("actualizad", "actualizamos", "ajustad", "retocad", "matizad", "pulid", "puntualizad", "precisad"),
    "pt": ("atualizad", "atualizámos", "atualizamos", "ajustad", "retocad", "aprimorad", "refinad", "precisad"),
    "it": ("aggiornat", "ritoccat", "rivist", "affinat", "aggiustat", "precisat", "perfezionat"),
    "tr": ("güncellen", "güncelledik", "düzenlenmiş", "netleştiril", "iyileştiril", "yenilen", "uyarlan"),
    "ar": ("تحديث", "حدّثنا", "حُدّث", "تنقيح", "توضيح الصياغة", "صقل", "تعديل الصياغة"),
    "he": ("עודכנ", "עדכנו", "עודכן", "לוטש", "שופר", "חודד", "רוענן"),
}
"""What is put in place of “corrected”. “Specified” and the like are soft too, where nothing but a fact was wrong."""
