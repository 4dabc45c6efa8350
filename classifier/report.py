"""The report: a scorecard as plain text for developers."""

from classifier.scorecard import Scorecard


def report(card: Scorecard) -> str:
    """A few lines; shares with the range they lie in 95 of 100 times."""
    return "\n".join([*_summary(card), "", *_labels(card), "", *_details(card)]) + "\n"


def _summary(card: Scorecard) -> list[str]:
    def told(name: str) -> str:
        figure = f"{getattr(card, name):.3f}"
        low, high = card.intervals.get(name, (0.0, 1.0))
        return f"{figure} ({low:.2f}–{high:.2f})" if card.counts.get(name) else "–"

    return [
        f"{card.rows} messages, {card.clear} with a clear department",
        f"department   right {told('accuracy')} · right or defensible {told('right_or_also')}"
        f" · among the first three {told('top3')}",
        f"sure         right when sure {told('accuracy_when_sure')} · calibration error {told('calibration_error')}",
        f"asked back   all {told('asked_back')} · though clear {told('asked_though_clear')}"
        f" · unclear ones {told('unclear_asked')} · right one among {card.offered_mean:.1f} offered"
        f" {told('offered_right')}",
        f"urgency      right {told('urgency_accuracy')} · macro-F1 {told('urgency_macro_f1')}",
        f"emergencies found {told('emergency_recall')} · false alarms {told('false_alarms')}",
    ]


def _labels(card: Scorecard) -> list[str]:
    lines = [f"{'':14} {'number':>6} {'precision':>9} {'recall':>6} {'F1':>5}"]
    for name, one in {**card.departments, **card.urgencies}.items():
        lines.append(f"{name:14} {one.count:6} {one.precision:9.2f} {one.recall:6.2f} {one.f1:5.2f}")
    return lines


def _details(card: Scorecard) -> list[str]:
    languages = " · ".join(f"{lang} {accuracy:.2f} ({count})" for lang, (count, accuracy) in card.languages.items())
    mixed = " · ".join(f"{right} taken for {decided} ({often})" for right, decided, often in card.confusions)
    return [f"languages: {languages or '–'}", f"confusions: {mixed or '–'}"]
