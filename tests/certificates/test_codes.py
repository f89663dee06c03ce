from hypothesis import given
from hypothesis import strategies as st

from certificates import codes


def test_codes_have_three_groups_without_signs_that_look_alike() -> None:
    for _ in range(200):
        code = codes.new_code()
        assert len(code) == 14
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert not set(code) & set("0OQ1IL2Z5S8BUV")


def test_no_code_comes_twice() -> None:
    assert len({codes.new_code() for _ in range(5000)}) == 5000


def test_a_code_is_known_however_it_is_typed() -> None:
    code = codes.new_code()
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code} ", ".".join(code)):
        assert codes.normalised(typed) == code


@given(st.text(max_size=200))
def test_anything_typed_is_a_code_in_its_normal_form_or_none(text: str) -> None:
    code = codes.normalised(text)
    assert code is None or codes.normalised(code) == code
