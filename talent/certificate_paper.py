"""The certificate of training on paper (培训合格证书), one page, in Chinese."""

from django.http import HttpResponse

from lib.proofs import ProofPaper, day_of
from talent.models import Certificate


def facts_of(certificate: Certificate) -> list[tuple[str, str]]:
    """(label, value)."""
    row = certificate.enrolment
    course = row.course
    return [
        ("姓名", row.name),
        ("培训课程", course.title),
        ("培养计划", course.programme.name),
        ("人才队伍", course.programme.team.name),
        ("培训时间", f"{day_of(course.starts_at)}至{day_of(course.ends_at)}"),
        ("学时", f"{row.attended} / {course.hours}"),
        ("考核成绩", f"{certificate.score} 分（满分 {course.full_mark} 分）"),
        ("发证单位", certificate.body.name),
        ("证书编号", certificate.number),
        ("发证日期", day_of(certificate.at)),
    ]


def certificate_paper(certificate: Certificate, address: str) -> HttpResponse:
    """The PDF; `address` is where anyone verifies it."""
    paper = ProofPaper("培训合格证书", certificate, called="证书")
    paper.facts(facts_of(certificate))
    paper.check(address, page="核验培训证书")
    return paper.answer()
