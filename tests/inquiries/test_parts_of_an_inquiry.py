"""The model of an inquiry is written in parts, one upon the other: each calls what it has or what stands below it."""

import ast
import inspect
import textwrap

import pytest
from django.db import models

from inquiries.models import Inquiry

PARTS = [part for part in Inquiry.__mro__ if part.__module__.startswith("inquiries.models.")]


def own_calls(part) -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(part)))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        func.attr
        for func in calls
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "self"
    }


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_no_part_calls_what_only_a_part_above_it_has(part):
    assert part is Inquiry or issubclass(part, models.Model) and part._meta.abstract
    assert {name for name in own_calls(part) if not hasattr(part, name)} == set()


def test_the_parts_stand_in_one_line_upon_the_two_that_hold_columns():
    *upper, triage, answers = PARTS
    assert [part.__name__ for part in (triage, answers)] == ["Triage", "Answers"]
    assert all(issubclass(higher, lower) for higher, lower in zip(upper, upper[1:], strict=False))
