"""The certificate of service on paper (志愿服务记录证明), one page or more, in Chinese.

Its blocks follow 《志愿服务记录与证明出具办法(试行)》: the person; the service with its hours;
who issues it, the person responsible and the handler; number and date.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language

from lib.proofs import ProofPaper, day_of
from volunteers.hours_words import as_number
from volunteers.models import Certificate

_TERMS = "时长以小时计，自签到至签退，经组织者确认，不含往返路途。谁记录，谁证明；出具不收取费用。"


@dataclass(frozen=True, slots=True)
class Row:
    """One time of service."""

    day: str
    title: str
    title_en: str
    hours: str

    @property
    def shown_title(self) -> str:
        """In the reader's language, for the page; the paper is in Chinese."""
        return (get_language() == "en" and self.title_en) or self.title


def rows_of(certificate: Certificate) -> list[Row]:
    """Every stay that is counted, in order of time."""
    counted = certificate.counted.select_related("presence__signup__shift__activity")
    return [
        Row(
            f"{localtime(row.presence.arrived_at):%Y-%m-%d}",
            row.presence.signup.shift.activity.title,
            row.presence.signup.shift.activity.title_en,
            as_number(row.minutes),
        )
        for row in counted.order_by("presence__arrived_at", "pk")
    ]


def facts_of(certificate: Certificate) -> list[tuple[str, str]]:
    """(label, value) in Chinese: the language in which the rule wants them."""
    volunteer = certificate.volunteer
    return [
        ("姓名", volunteer.person.full_name or "（已删除）"),
        ("志愿者编号", volunteer.number),
        ("服务期间", f"{certificate.since:%Y年%m月%d日}至{certificate.until:%Y年%m月%d日}"),
        ("服务次数", f"{certificate.rows} 次"),
        ("服务时长", f"{as_number(certificate.minutes)} 小时"),
        ("出具单位", certificate.body.name),
        ("负责人", certificate.responsible),
        ("经办人", certificate.handler),
        ("证明编号", certificate.number),
        ("出具日期", day_of(certificate.at)),
    ]


def certificate_paper(certificate: Certificate, address: str) -> HttpResponse:
    """The PDF; `address` is where anyone verifies it."""
    paper = ProofPaper("志愿服务记录证明", certificate, called="证明")
    paper.facts(facts_of(certificate))
    rows = rows_of(certificate)
    paper.table("服务内容", [(row.day, row.title, f"{row.hours} 小时") for row in rows])
    paper.check(address, _TERMS, page="核验志愿服务证明")
    return paper.answer()
