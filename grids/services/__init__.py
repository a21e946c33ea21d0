"""Every write to the territory, its outlines, and who covers what."""

from grids.services.borders import (
    Asked,
    Plan,
    plan_edit,
)
from grids.services.boundaries import (
    draw_boundary,
)
from grids.services.checking import (
    ask_check,
    check_waiting,
)
from grids.services.coverage import (
    end_territory_of_body,
    end_territory_of_post,
    give_territory_to_body,
    give_territory_to_post,
)
from grids.services.findings import (
    Found,
    drop,
    hand_over,
    resolve,
)
from grids.services.forgetting import (
    forget_the_past,
)
from grids.services.imports import (
    ImportOptions,
    ImportReport,
    import_territory,
)
from grids.services.leading import (
    leads,
)
from grids.services.leave import (
    ask_leave,
    move_leave,
)
from grids.services.mending import (
    ask_for_split,
    ask_for_visit,
    mend,
    mend_all,
    unit_of,
)
from grids.services.premises import (
    PremisesReport,
    import_premises,
    save_premises,
)
from grids.services.redrawing import (
    fault_words,
    save_edit,
    settle_begun,
    undo_edit,
)
from grids.services.rosters import (
    Pattern,
    ask_swap,
    make_roster,
    move_swap,
    set_shift,
)
from grids.services.teams import (
    change_member,
    join_team,
    leave_team,
    posts_for,
    set_public_card,
)
from grids.services.territory import (
    change_territory,
    end_territory,
    make_territory,
)
from grids.services.visit_amending import (
    amend,
    correct,
    declare_void,
)
from grids.services.visit_kinds import (
    change_rule,
    change_target,
    end_rule,
    end_target,
    make_rule,
    make_target,
    publish_form,
)
from grids.services.visit_mornings import (
    tell_of_due,
)
from grids.services.visit_photos import (
    SentPhoto,
)
from grids.services.visit_planning import (
    plan_visits,
)
from grids.services.visiting import (
    CheckIn,
    Report,
    make_visit,
)

__all__ = [
    "Asked",
    "CheckIn",
    "Found",
    "ImportOptions",
    "ImportReport",
    "Pattern",
    "Plan",
    "PremisesReport",
    "Report",
    "SentPhoto",
    "amend",
    "ask_check",
    "ask_for_split",
    "ask_for_visit",
    "ask_leave",
    "ask_swap",
    "change_member",
    "change_rule",
    "change_target",
    "change_territory",
    "check_waiting",
    "correct",
    "declare_void",
    "draw_boundary",
    "drop",
    "end_rule",
    "end_target",
    "end_territory",
    "end_territory_of_body",
    "end_territory_of_post",
    "fault_words",
    "forget_the_past",
    "give_territory_to_body",
    "give_territory_to_post",
    "hand_over",
    "import_premises",
    "import_territory",
    "join_team",
    "leads",
    "leave_team",
    "make_roster",
    "make_rule",
    "make_target",
    "make_territory",
    "make_visit",
    "mend",
    "mend_all",
    "move_leave",
    "move_swap",
    "plan_edit",
    "plan_visits",
    "posts_for",
    "publish_form",
    "resolve",
    "save_edit",
    "save_premises",
    "set_public_card",
    "set_shift",
    "settle_begun",
    "tell_of_due",
    "undo_edit",
    "unit_of",
]
