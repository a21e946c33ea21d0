"""What must be true when all is quiet again. Each check yields what it finds wrong."""

import re
from collections import Counter, defaultdict
from functools import cached_property

from django.db.models import Sum

from cases import services
from cases.models import Case, CaseEvent, RoutingTrace, Task, TaskState
from cases.models.tasks import LOADING, UNSETTLED
from cases.workflow import WITH_DEPARTMENT, Desk, State
from funding import checks as ledger
from funding.models import Hold, Line
from organizations.models import Message
from routing.models import Load
from tests.faults.matters import KINDS, ROUTED, scarce

# What a killed worker leaves in the log of its node is no fault of ours.
EXPECTED = re.compile(r"WorkerLostError|exited with 'signal 9|SIGKILL|Timed out waiting for UP")
FAILURES = re.compile(r"a batch failed|was set aside|raised unexpected|Unrecoverable error")


class Books:
    """Everything that the checks compare, read once."""

    def __init__(self, matters, folder, failed_processes):
        self.matters, self.folder, self.failed_processes = matters, folder, failed_processes
        self.kinds = {matter.title: matter.kind for matter in matters}
        self.cases = list(Case.objects.order_by("pk"))
        self.tasks = list(Task.objects.select_related("hold").order_by("pk"))
        self.holds = list(Hold.objects.filter(subject_kind="case"))

    @cached_property
    def end_of(self):
        """Per case how it ended: a match, a refusal, or the desk of a report not yet accepted."""
        ends = {}
        for case in self.cases:
            if case.state in {*WITH_DEPARTMENT, State.CLOSED}:
                ends[case.pk] = ROUTED
            else:
                ends[case.pk] = case.refusal or case.desk
        return ends

    def kind(self, case):
        return self.kinds[case.title]


def each_created_once(books):
    created = Counter(case.title for case in books.cases)
    for matter in books.matters:
        if created[matter.title] != 1:
            yield f"{matter.title}: {created[matter.title]} cases"


def none_unrouted(books):
    """Dispatched, or on a person's desk with its reason; nothing left for the router."""
    for case in books.cases:
        if case.desk == Desk.ROUTER or case.route_at is not None:
            yield f"{case.title}: still waits for the router"
        elif books.end_of[case.pk] not in KINDS[books.kind(case)].ends:
            yield f"{case.title}: ended with {books.end_of[case.pk]}"


def reasons_are_stored(books):
    stored = defaultdict(set)
    for case, outcome in RoutingTrace.objects.values_list("case", "outcome"):
        stored[case].add(outcome)
    for case in books.cases:
        end = books.end_of[case.pk]
        if end not in {"emergency", "acceptance"} and end not in stored[case.pk]:
            yield f"{case.title}: nothing says why it ended with {end}"


def none_routed_twice(books):
    """One lead task, one dispatch event, one match, one message for each that was dispatched."""
    dispatches = CaseEvent.objects.filter(move="dispatch")
    matches = RoutingTrace.objects.filter(outcome=ROUTED)
    messages = Message.objects.filter(kind="case-dispatch")
    rows = {
        "tasks": Counter(task.case_id for task in books.tasks),
        "events": Counter(dispatches.values_list("case", flat=True)),
        "matches": Counter(matches.values_list("case", flat=True)),
        "messages": Counter(map(int, messages.values_list("subject_key", flat=True))),
    }
    for case in books.cases:
        wanted = int(books.end_of[case.pk] == ROUTED)
        found = {name: count[case.pk] for name, count in rows.items()}
        if set(found.values()) != {wanted}:
            yield f"{case.title}: {found}, should be {wanted} of each"


def money_kept_once_for_each(books):
    """One hold for each dispatched case that costs, none for any other, of the task's amount."""
    held = Counter(int(hold.subject_key) for hold in books.holds)
    costs = {task.case_id for task in books.tasks if task.estimate}
    for case in books.cases:
        if held[case.pk] != int(case.pk in costs):
            yield f"{case.title}: {held[case.pk]} holds"
    for task in books.tasks:
        if task.estimate and (task.hold is None or task.hold.amount != task.estimate):
            yield f"task {task.pk}: its hold is not its estimate"


def reservations_are_open_tasks_money(books):
    wanted = Counter()
    for task in books.tasks:
        if task.state in UNSETTLED and task.hold is not None:
            wanted[task.hold.line_id] += task.estimate
    for line in Line.objects.order_by("pk"):
        if line.reserved != wanted[line.pk]:
            yield f"{line.code}: reserved {line.reserved}, open tasks say {wanted[line.pk]}"
    paid = sum(task.actual or 0 for task in books.tasks if task.state == TaskState.DONE)
    owed = Line.objects.aggregate(sum=Sum("payable"))["sum"]
    if owed != paid:
        yield f"payable {owed}, ended tasks cost {paid}"


def loads_are_open_tasks_points(books):
    points, tasks = Counter(), Counter()
    for task in books.tasks:
        if task.state in LOADING:
            points[task.post_id] += task.points
            tasks[task.post_id] += 1
    loads = {load.post_id: load for load in Load.objects.select_related("post__person")}
    for post in sorted({*points, *loads}):
        load = loads.get(post)
        stored = (load.points, load.tasks) if load else (0, 0)
        if stored != (points[post], tasks[post]):
            yield f"post {post}: stored {stored}, tasks say {(points[post], tasks[post])}"
        if load and load.points > load.post.capacity:
            yield f"post {post}: {load.points} points on a capacity of {load.post.capacity}"


def what_is_scarce_is_used_up(books):
    """As many as the line pays for and the people have room for: nothing leaked, nothing wasted."""
    served = Counter(books.kind(case) for case in books.cases if books.end_of[case.pk] == ROUTED)
    for kind, number in scarce(books.matters).items():
        if served[kind] != number:
            yield f"{kind}: {served[kind]} served, there was enough for {number}"


def ledger_equals_its_entries(_books):
    for name, findings in ledger.run():
        yield from (f"{name}: {finding}" for finding in findings)


def chains_are_intact(_books):
    for broken in services.verify_history():
        yield f"{broken.case}: {broken.what} at event {broken.event}"


def no_batch_failed(books):
    for log in sorted((books.folder / "logs").glob("*.log")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if FAILURES.search(line) and not EXPECTED.search(line):
                yield f"{log.stem}: {line[:160]}"


def nobody_was_turned_away(books):
    """The clients and the office ended as they should."""
    yield from books.failed_processes


CHECKS = (
    each_created_once,
    none_unrouted,
    reasons_are_stored,
    none_routed_twice,
    money_kept_once_for_each,
    reservations_are_open_tasks_money,
    loads_are_open_tasks_points,
    what_is_scarce_is_used_up,
    ledger_equals_its_entries,
    chains_are_intact,
    no_batch_failed,
    nobody_was_turned_away,
)


def name_of(check):
    return check.__name__.replace("_", " ").replace("tasks ", "tasks' ")


def run(books):
    """Name of each check → what it found."""
    return {name_of(check): list(check(books)) for check in CHECKS}
