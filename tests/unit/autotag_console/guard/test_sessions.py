"""Sessions: a token opens one, once; words of one session are worth nothing in another."""

from autotag_console.guard.sessions import Sessions, is_csrf


def test_a_token_opens_one_session_and_is_void_then() -> None:
    sessions = Sessions("token")
    assert sessions.start("wrong") is None
    session = sessions.start("token")
    assert session is not None and sessions.find(session.cookie) == session
    assert sessions.start("token") is None


def test_no_empty_word_opens_anything() -> None:
    sessions = Sessions("")
    assert sessions.start("") is None and sessions.find("") is None


def test_words_are_unguessable_and_their_own() -> None:
    first, second = Sessions("a").start("a"), Sessions("a").start("a")
    assert first is not None and second is not None
    words = {first.cookie, first.csrf, second.cookie, second.csrf}
    assert len(words) == 4 and all(len(word) >= 43 for word in words)  # 32 bytes in base64
    assert is_csrf(first, first.csrf)
    assert not is_csrf(first, second.csrf) and not is_csrf(first, first.cookie) and not is_csrf(first, "")


def test_words_of_other_alphabets_are_only_wrong() -> None:
    sessions = Sessions("token")
    assert sessions.start("tökén\ud800") is None and sessions.find("\ud800") is None
