"""What a person reads at the terminal, and what a log keeps."""

import sys

import pytest

from local.console import Progress, bar, say


def test_a_bar_fills_with_the_work() -> None:
    filled = [bar(done, 56).count("#") for done in range(57)]

    assert filled == sorted(filled)
    assert (filled[0], filled[28], filled[56]) == (0, 14, 28)
    assert bar(70, 56) == bar(56, 56)
    assert "#" not in bar(0, 0)


def test_a_terminal_sees_one_line_that_moves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    with Progress("progress") as progress:
        progress.show("reading", 10, 1000)
        progress.show("reading", 500, 1000)
        progress.finish(1000, "done")

    out = capsys.readouterr().out
    drawn = out.removesuffix("\n").split("\r")[1:]
    assert [line.split("]")[1].split()[0] for line in drawn] == [
        "10/1,000",
        "500/1,000",
        "1,000/1,000",
    ]
    assert out.count("\n") == 1
    assert len({len(line) for line in drawn}) == 1


def test_a_bar_that_is_interrupted_ends_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    with pytest.raises(KeyboardInterrupt), Progress("progress") as progress:
        progress.show("reading", 1, 2)
        raise KeyboardInterrupt

    assert capsys.readouterr().out.endswith("\n")


def test_a_log_gets_a_line_for_each_phase(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("progress") as progress:
        for done in range(100):
            progress.show("reading", done, 100)
        progress.show("comparing", 0, 0)
        progress.finish(0, "planned")

    assert capsys.readouterr().out.splitlines() == [
        "  progress    reading 0 of 100",
        "  progress    comparing",
        "  progress    planned, nothing to do",
    ]


def test_long_texts_stay_in_their_column(capsys: pytest.CaptureFixture[str]) -> None:
    say("note", "word " * 60)

    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("  note        word")
    assert rest
    assert all(line.startswith(" " * 14 + "word") for line in rest)
