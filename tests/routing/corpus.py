"""Made-up complaints of three kinds, told apart by their words."""

import random

from routing.words.linear import Sample

KINDS = {
    "cover": (["井盖", "下水道盖板", "窨井"], ["不见了", "破损", "松动", "翻了"]),
    "lamp": (["路灯", "灯杆", "照明灯"], ["不亮", "一闪一闪", "整晚熄灭", "坏了"]),
    "noise": (["装修噪音", "广场舞音响", "夜间施工"], ["太吵", "睡不着", "扰民", "半夜不停"]),
}
PLACES = ["长龙", "梅塘", "田美", "宝山", "星光", "鸡啼岗", "黄牛埔", "社贝"]


def samples(each=80, *, seed=1, kinds=("cover", "lamp", "noise")):
    """`each` texts of every kind; no text twice."""
    chance = random.Random(seed)
    made = []
    for kind in kinds:
        things, faults = KINDS[kind]
        for number in range(each):
            place, thing = chance.choice(PLACES), chance.choice(things)
            text = f"{place}路{number + 1}号门口的{thing}{chance.choice(faults)}，请尽快处理。"
            made.append(Sample(text, kind))
    return made
