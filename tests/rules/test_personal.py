"""Personal details in free text are found in many ways of writing them, and facts of articles are none (I4)."""

from __future__ import annotations

import pytest

from corrections_service.rules.personal import Detail, find, mask

MAILS = """
ann@example.org
Ann.Lee+news@mail.example.co.uk
o'hara@example.ie
оля@пошта.укр
ann (at) example.org
ann [at] example [dot] org
ann＠example.org
ANN_LEE@EXAMPLE.ORG
""".strip().splitlines()
PHONES = """
+380 44 123 45 67
+380441234567
+38 (044) 123-45-67
+44 (0)20 7946 0958
+49 30 1234567
+1 (555) 123-4567
+1-555-123-4567
+972-54-123-4567
+90 532 123 45 67
+48 501 234 567
+351 912 345 678
+966 50 123 4567
0049 30 1234567
00380 44 1234567
(044) 123-45-67
(555) 123-4567
(11) 91234-5678
044 123 45 67
0671234567
044-12-05-67-8
06-12-05-67-89
067-123-45-67
030/1234567
0171 1234567
01.23.45.67.89
06 12 34 56 78
020 7946 0958
079 123 45 67
0532 123 45 67
054-123-4567
٠٥٠١٢٣٤٥٦٧
+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧
＋４９ ３０ １２３４５６７
555-123-4567
555.123.4567
555 123 4567
1-800-555-1234
0 800 123 456
8 (916) 123-45-67
8 916 123 45 67
89161234567
13812345678
612 34 56 78
91 123 45 67
333 1234567
501-234-567
532 123 45 67
98765 43210
tel. 501 234 567
тел.: 123-45-67
call me on 555-1234
Telefon: 12 34 56 78
téléphone 12 34 56
WhatsApp: 612345678
wa.me/380501234567
tel:+380441234567
""".strip().splitlines()
ACCOUNTS = """
DE89 3704 0044 0532 0130 00
DE89370400440532013000
de89 3704 0044 0532 0130 00
GB82 WEST 1234 5698 7654 32
UA213223130000026007233566001
PL61 1090 1014 0000 0712 1981 2874
NO93 8601 1117 947
4111 1111 1111 1111
4111-1111-1111-1111
4111111111111111
5500 0000 0000 0004
3782 822463 10005
4111 1111 1111 1112
""".strip().splitlines()

FACTS = """
1987
from 1914 to 1918
1914-1918, 1939-1945
1914-1918 1939-1945
2019 2020 2021 2022
in 2015, 2016 and 2017
29.11.2024
01.02.2024
On 01.02.2024 10 people came
2024-11-29 10:30
02/03/2024 12:00
01.02.2024-05.02.2024
1,234,567.89
1.234.567,89
12 345 678
501 234 567
501 234 567 zł
331 449 281 people
1 234 567 890
$1 234 567 890
€ 1 234 567 890
4 000 000 000 dollars
+100 000 000 viewers
won 6-4, 6-3, 7-5
6-4 6-3 6-4 7-5 10-8
3:1 and 2:0
98-87, 101-99
ISBN 978-3-16-148410-0
9783161484100
ISBN 0306406152
ISBN-10: 0-306-40615-2
ISSN 2049-3630
DOI 10.1038/1234567890
0.577215665
3.14159265358979
50.4501, 30.5234
192.168.100.200
12.5 % of 1,987,654 votes
pages 100-200
12 345 678 people and 98 765 432 votes
044-12-05 of the plan
Article 5 of 1951
Boeing 747-400
17 000 000
room 12, floor 3
the year 2000-2001
10:30-12:45
https://news.example/2024/11/29/1234567890
https://news.example/?id=0441234567
case 4F2K-7Q
US$ 12,000,000
3rd of 25
at 12 34
the number is 12
call 1914-1918 a war
twenty@ per cent
@news_example
5 @ 3
""".strip("\n").splitlines()


@pytest.mark.parametrize("detail", [*MAILS, *PHONES, *ACCOUNTS])
def test_a_detail_is_masked_wherever_it_stands(detail: str) -> None:
    wanted = Detail.MAIL if detail in MAILS else Detail.PHONE if detail in PHONES else Detail.ACCOUNT
    for text in (detail, f"Please write to me: {detail}.", f"«{detail}», дякую!\nOlha", f"שלום {detail} תודה"):
        masked = mask(text)
        assert [span.detail for span in find(text)] == [wanted], text
        assert wanted.value in masked
        assert not any(letter.isdecimal() for letter in masked), masked


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_left_as_it_is(fact: str) -> None:
    assert mask(fact) == fact
    assert mask(f"It was {fact}, said the mayor.") == f"It was {fact}, said the mayor."


def test_several_details_are_masked_and_all_else_stays() -> None:
    text = "I am Olha, born in 1987. Mail olha@example.org or call 044 123 45 67; the ticket was 1 200 UAH."
    assert mask(text) == "I am Olha, born in 1987. Mail •••@••• or call ☎ •••••••; the ticket was 1 200 UAH."
    assert mask("Since 2019 044 123 45 67 is wrong.") == "Since 2019 ☎ ••••••• is wrong."


def test_what_the_article_itself_says_stays_and_so_does_what_should_stand_in_its_place() -> None:
    assert mask("The number 044 123 45 67 is old.", "Call 044 123 45 67.") == "The number 044 123 45 67 is old."
    assert mask("044 765 43 21", "Call 044 123 45 67.") == "044 765 43 21"
    assert mask("044 765 43 21, ann@example.org", "Call 044 123 45 67.") == "044 765 43 21, •••@•••"
    assert mask("044 765 43 21", "The bridge of 1987") == "☎ •••••••"


def test_a_long_text_is_read_soon() -> None:
    """No pattern tries again and again: what nobody would type comes through too."""
    for text in (
        "a" * 60_000 + "@",
        "1 " * 30_000,
        "1" * 60_000,
        "+" * 60_000,
        "a@" * 30_000,
        "(0" * 30_000,
        "AB12" * 15_000,
    ):
        assert len(mask(text)) <= len(text) + 60_000
