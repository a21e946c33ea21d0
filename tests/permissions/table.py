"""The written table: for each address and method, which answer whom.

    GET organizations:catalogue[bodies]
      open: audit_admin security_admin system_admin
      sign-in: anonymous
      forbidden: *

`*` is everybody who is not named. `handler~` holds the same role in another town; `stranger` has
signed in and holds no post.
"""

import re
from pathlib import Path

FILE = Path(__file__).parent / "table.txt"
EVERYBODY_ELSE = "*"
HEADING = re.compile(r"(GET|POST) (\S+)")

Answers = dict[tuple[str, str], dict[str, str]]


def read(actors_at):
    """{(method, address): {actor: answer}}"""
    answers, current, rest = {}, None, {}
    for line in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
        if found := HEADING.fullmatch(line):
            current = answers.setdefault((found[1], found[2]), {})
        elif line.startswith("  ") and current is not None:
            answer, names = line.strip().split(": ")
            for name in names.split():
                if name == EVERYBODY_ELSE:
                    rest[id(current)] = answer
                else:
                    current[name] = answer
    for (_method, address), given in answers.items():
        for actor in actors_at(address):
            given.setdefault(actor, rest.get(id(given), "?"))
    return answers


def write(answers):
    FILE.write_text(
        "\n".join(_section(key, answers[key]) for key in sorted(answers, key=_place)),
        encoding="utf-8",
    )


def _place(key):
    method, address = key
    return address.split("[")[0], address, method


def _section(key, given):
    groups = {}
    for actor, answer in given.items():
        groups.setdefault(answer, []).append(actor)
    most = max(groups, key=lambda answer: (len(groups[answer]), answer))
    lines = [
        f"  {answer}: {EVERYBODY_ELSE if answer == most else ' '.join(sorted(names))}"
        for answer, names in sorted(groups.items(), key=lambda item: (item[0] == most, item[0]))
    ]
    return "\n".join([" ".join(key), *lines, ""])
