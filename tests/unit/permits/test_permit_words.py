"""Words of a search in one comparable form."""

from permits.rules.words import folded, search_text, telling_words


def test_case_accents_and_signs_make_no_difference() -> None:
    assert folded("  P-IRT  Café_(baru) ") == "p irt cafe baru"


def test_words_that_every_permit_has_tell_nothing_apart() -> None:
    assert telling_words("Saya mau urus izin makam") == ["makam"]


def test_a_search_of_such_words_alone_keeps_them() -> None:
    assert telling_words("surat izin") == ["surat", "izin"]


def test_signs_alone_are_no_search() -> None:
    assert telling_words("?! \u0301 --") == []


def test_a_book_is_cut_to_a_few_words() -> None:
    assert len(telling_words(" ".join(f"kata{n}" for n in range(500)))) == 8


def test_all_names_are_in_the_search_text() -> None:
    assert search_text(["SIP-DU", "Dokter Umum"]) == "sip du dokter umum"
