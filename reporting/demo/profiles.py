"""Profiles of the demonstration, made from each district's specialty; one new version waits for the bureau."""

from datetime import datetime, timedelta

from districts.domain.profiles import ProfileText, approve_profile, send_profile, write_profile
from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, Industry
from reporting.demo.people import Cast

_INDUSTRIES = (
    ("Artificial intelligence", "人工智能"),
    ("Software and information services", "软件和信息服务"),
    ("Integrated circuits", "集成电路"),
    ("Industrial internet", "工业互联网"),
    ("Digital finance", "数字金融"),
    ("Digital culture", "数字文化"),
    ("Smart vehicles", "智能网联汽车"),
    ("Data services", "数据服务"),
)
_WAITS = "110106"
_MADE_UP = "Made up for the demonstration from the district's published specialty."


def write_profiles(*, cast: Cast, now: datetime) -> None:
    industries = [Industry.objects.create(name=name, name_zh=name_zh) for name, name_zh in _INDUSTRIES]
    approver, then = cast.bureau[BureauRoleName.APPROVER], now - timedelta(days=400)
    for number, district in enumerate(District.objects.order_by("code")):
        head = cast.members.get((district.code, DistrictRole.HEAD))
        if head is None:
            continue
        chosen = [industries[number % len(industries)], industries[(number * 3 + 1) % len(industries)]]
        text = ProfileText(
            positioning=f"{district.specialty}: what {district.name} is known for",
            advantages=_MADE_UP,
            brand=f"Digital {district.name}",
            path="First the parks that are strongest, then the firms around them, then services for the whole city.",
            contacts="The district's bureau of economy (demonstration)",
            industries=list(dict.fromkeys(chosen)),
        )
        profile = write_profile(district=district, version=0, text=text, actor=head, now=then)
        send_profile(profile=profile, actor=head, now=then, announce=False)
        approve_profile(profile=profile, version=1, actor=approver, now=then + timedelta(days=2), announce=False)
        if district.code == _WAITS:
            newer = ProfileText("Low-altitude economy and satellite internet, tried at home first", industries=chosen)
            waiting = write_profile(district=district, version=0, text=newer, actor=head, now=now)
            send_profile(profile=waiting, actor=head, now=now)
