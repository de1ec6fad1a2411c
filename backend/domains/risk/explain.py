"""Why a score is what it is: a tree whose leaves add up to it, and the same as a short list of sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from math import floor
from typing import Any

import msgspec

from backend.domains.risk.evidence import LABELS, evidence, named
from backend.domains.risk.nodes import Node, split
from backend.domains.risk.parameters import Parameters, parameters_from
from backend.domains.risk.scoring import CODE_VERSION, assess, result_of

Tree = dict[str, Any]

# Sentences with more bars than this are not read; the smallest ones become one bar "others".
MOST_BARS = 10


def explain(
    model: str,
    inp: Mapping[str, Any],
    params: Parameters | Mapping[str, Any] | None = None,
    object_id: str | None = None,
) -> dict[str, Any]:
    """A score with its explanation, as stored: the result of `score`, `tree`, versions and the hash of the input.

    `level_raw` is the level by the cut-offs alone; the shown level needs the history of the object.
    A node of `tree` is `{id, kind, label_zh, label_en, object, points, shown, evidence, evidence_en, children}`;
    `points` of the leaves add up to the score, `shown` likewise to the score rounded to one decimal.
    """
    numbers = parameters_from(params)
    found = assess(model, inp, numbers)
    result = result_of(model, found, numbers)
    tree = _told(Node(object_id or model, model, 0.0, found.parts), result["score"], "")
    _apportion(tree, round(result["score"] * 10))
    return {
        **result,
        "level_raw": result["level"],
        "object_id": object_id,
        "tree": tree,
        "param_version": numbers.version,
        "code_version": CODE_VERSION,
        "input_hash": input_hash(inp),
    }


def input_hash(inp: Mapping[str, Any]) -> str:
    """SHA-256 of an input, independent of the order of its keys."""
    return hashlib.sha256(msgspec.json.encode(inp, order="sorted")).hexdigest()


def leaves(tree: Tree) -> Iterator[Tree]:
    """The contributions that are not split further."""
    if not tree["children"]:
        yield tree
    for child in tree["children"]:
        yield from leaves(child)


def waterfall(tree: Tree, most: int = MOST_BARS) -> list[Tree]:
    """The contributions as bars, largest first: each starts where the last ended, the last ends at the score.

    A bar is a leaf without its children, plus `start`, `sentence` and `sentence_en`; `start` and `shown` have one
    decimal and add up exactly. What exceeds `most` bars becomes one bar "others".
    """
    told = sorted((leaf for leaf in leaves(tree) if leaf["points"] > 0), key=lambda leaf: (-leaf["points"], leaf["id"]))
    bars = [{name: leaf[name] for name in leaf if name != "children"} for leaf in told]
    if len(bars) > most:
        bars = [*bars[: most - 1], _others(bars[most - 1 :])]
    start = 0
    for bar in bars:
        bar["start"] = start / 10
        start += round(bar["shown"] * 10)
        bar["sentence"] = " ".join(filter(None, (bar["object"], bar["label_zh"], bar["evidence"])))
        bar["sentence"] += f"，贡献 {bar['shown']} 分"
        bar["sentence_en"] = f"{' '.join(filter(None, (bar['object'], bar['label_en'].lower())))}: {bar['evidence_en']}"
        bar["sentence_en"] += f", adds {bar['shown']} points"
    return bars


def largest_remainder(amounts: Sequence[float], total: int) -> list[int]:
    """Whole numbers near `amounts` that add up to `total`: the largest fractions are rounded up first."""
    whole = [floor(amount) for amount in amounts]
    by_fraction = sorted(range(len(amounts)), key=lambda i: (whole[i] - amounts[i], i))
    for i in by_fraction[: max(total - sum(whole), 0)]:
        whole[i] += 1
    return whole


def _told(node: Node, points: float, about: str) -> Tree:
    """A node and everything below it in words; children share its points exactly in their proportions."""
    about = named(node.facts) or about
    label = LABELS[node.kind]
    words = evidence(node.kind, node.facts)
    return {
        "id": node.id,
        "kind": node.kind,
        "label_zh": label[0],
        "label_en": label[1],
        "object": about,
        "points": points,
        "evidence": words[0],
        "evidence_en": words[1],
        "children": [_told(child, child.amount, about) for child in split(points, node.children) if child.amount > 0],
    }


def _apportion(tree: Tree, tenths: int) -> None:
    """Give every node the figure to show, in tenths, so that children always add up to their parent."""
    tree["shown"] = tenths / 10
    children = tree["children"]
    scale = tenths / sum(child["points"] for child in children) if tree["points"] > 0 and children else 0.0
    shares = largest_remainder([child["points"] * scale for child in children], tenths)
    for child, part in zip(children, shares, strict=True):
        _apportion(child, part)


def _others(bars: Sequence[Tree]) -> Tree:
    return {
        "id": "others",
        "kind": "others",
        "label_zh": "其他",
        "label_en": "Others",
        "object": "",
        "points": sum(bar["points"] for bar in bars),
        "shown": sum(round(bar["shown"] * 10) for bar in bars) / 10,
        "evidence": f"{len(bars)}项",
        "evidence_en": f"{len(bars)} smaller ones",
    }
