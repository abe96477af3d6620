"""星河茶: poetic but exact; the captions are written in Chinese."""

from postboard.demo.agency import Part
from postboard.demo.story import Change, Story
from postboard.domain.workflow import ChangeTag as Tag
from postboard.domain.workflow import State

HARVEST, NIGHT = "新茶季", "星河夜饮"

STORIES = (
    Story(
        "头采明前龙井，今早到店。\n"
        "一芽一叶，手工辉锅，每锅只有 250 克。水温 80 ℃，静置半分钟，看它在杯里慢慢站起来。\n\n"
        "数量不多，喝完等明年。",
        State.PUBLISHED,
        ("wechat", "weibo"),
        title="明前龙井到店",
        pictures=("xinghe-leaves",),
        campaign=HARVEST,
        day=-14,
        hour=10,
        reason="公众号今日的群发次数已用完，这一篇没有发出。",
        published_link="https://wechat.example/s/xinghe-longjing",
        internal=(
            Change(
                "门店冲泡用的是 85 ℃，请和茶艺师手册保持一致。",
                (Tag.FACTS,),
                "水温 80 ℃",
                "水温 85 ℃",
            ),
        ),
    ),
    Story(
        "下雨天，适合一壶老白茶。\n煮到第三遍，枣香才肯出来。🌧️",
        State.PUBLISHED,
        ("weibo", "xiaohongshu"),
        pictures=("xinghe-gaiwan",),
        day=-7,
        hour=15,
    ),
    Story(
        "Spring in a glass: our first Longjing of the year.\n"
        "One bud, one leaf, 85 °C, half a minute of patience. 🍃\n\n#longjing #xinghetea",
        State.PUBLISHED,
        ("instagram",),
        title="Longjing, for Instagram",
        pictures=("xinghe-leaves",),
        campaign=HARVEST,
        day=-3,
        hour=20,
        client=(
            Change(
                "英文里“first”可能被理解成首发，改成“first harvest”更准确。",
                (Tag.COPY, Tag.FACTS),
                "our first Longjing of the year",
                "the first harvest of our Longjing",
            ),
        ),
    ),
    Story(
        "今晚八点，直播间见。\n"
        "茶艺师阿远带大家认识三款乌龙：同一座山，三种火候。评论区抽 20 份小样。",
        State.SCHEDULED,
        ("weibo", "wechat", "xiaohongshu"),
        title="直播预告：三款乌龙",
        pictures=("xinghe-gaiwan",),
        day=1,
        hour=12,
        quiet_h=26,
    ),
    Story(
        "周末的第一口，留给茉莉。\n窨了七次，茶里只有香，不见花。",
        State.SCHEDULED,
        ("xiaohongshu", "instagram"),
        title="茉莉银针",
        pictures=("xinghe-leaves",),
        campaign=HARVEST,
        day=5,
        hour=9.5,
        quiet_h=5,
    ),
    Story(
        "星河夜饮 · 上海站\n\n"
        "城市灯太亮，我们把灯关掉一小时。天台、星图、六款冷泡，还有一位会讲星座的茶农。\n\n"
        "每晚 30 席，小程序预约。",
        State.APPROVED,
        ("wechat", "xiaohongshu"),
        title="星河夜饮：上海站",
        pictures=("xinghe-river",),
        campaign=NIGHT,
        day=6,
        hour=18,
        quiet_h=9,
        client=(
            Change(
                "消防要求天台每场不超过 24 人，请把席位改掉。",
                (Tag.FACTS, Tag.LEGAL),
                "每晚 30 席",
                "每晚 24 席",
            ),
            Change(
                "“会讲星座的茶农”容易误解成算命，换个说法。",
                (Tag.COPY, Tag.BRAND),
                "还有一位会讲星座的茶农",
                "还有一位爱看星星的茶农",
            ),
        ),
    ),
    Story(
        "为什么第一泡要快？\n\n"
        "热水一碰，茶先醒，味后到。第一泡 10 秒出汤，喝的是香；第三泡以后，才轮到茶汤说话。\n\n"
        "收藏起来，下次泡茶照着试一遍。#泡茶小课",
        State.CLIENT_REVIEW,
        ("xiaohongshu", "weibo"),
        title="泡茶小课：第一泡",
        pictures=("xinghe-gaiwan", "xinghe-leaves"),
        day=3,
        hour=19,
        quiet_h=21,
    ),
    Story(
        "云南来信。\n海拔 1,900 米，早上六点还要穿外套。阿婆说，今年雨来得晚，茶反而更甜。",
        State.CLIENT_REVIEW,
        ("wechat", "weibo"),
        title="产地来信：云南",
        pictures=("xinghe-river",),
        campaign=HARVEST,
        day=2,
        hour=8,
        quiet_h=96,
        client=(
            Change(
                "图片太暗，手机上看不清茶山。换一张白天的。",
                (Tag.IMAGE,),
                picture="xinghe-leaves",
            ),
            Change(
                "海拔以检测报告为准，是 1,850 米。",
                (Tag.FACTS,),
                "1,900 米",
                "1,850 米",
            ),
        ),
    ),
    Story(
        "新杯上市：一只杯，两种用法。\n盖上是盖碗，打开是公道杯。出差的行李箱里，也装得下一泡好茶。",
        State.CLIENT_REVIEW,
        ("xiaohongshu", "instagram", "wechat"),
        title="旅行盖碗",
        pictures=("xinghe-gaiwan",),
        day=7,
        hour=11,
        quiet_h=3,
        internal=(
            Change(
                "产品名统一写“旅行盖碗”，不要用“新杯”。",
                (Tag.BRAND,),
                "新杯上市",
                "旅行盖碗上市",
            ),
        ),
    ),
    Story(
        "喝茶能减肥吗？星河乌龙，越喝越瘦！",
        State.CLIENT_REWORK,
        ("weibo", "xiaohongshu"),
        title="乌龙与身材",
        pictures=("xinghe-leaves",),
        day=4,
        hour=12,
        quiet_h=16,
        client=(
            Change(
                "广告法不允许这样写，任何功效宣称都不能出现。请改成讲口感和场景。",
                (Tag.LEGAL, Tag.BRAND),
            ),
        ),
    ),
    Story(
        "银河不只在天上。\n"
        "把冷泡铁观音倒进气泡水，灯光一照，就是一杯会发光的夏夜。✨\n\n"
        "配方：茶 8 克，冷水 600 毫升，冷藏 6 小时；气泡水与茶 1 : 1。",
        State.READY_FOR_CLIENT,
        ("xiaohongshu", "instagram"),
        title="银河冷泡",
        pictures=("xinghe-river",),
        campaign=NIGHT,
        day=8,
        hour=17,
        quiet_h=4,
    ),
    Story(
        "店员私藏：下班以后，我们自己喝什么？\n五个人，五个答案，只有一款重复了两次。",
        State.READY_FOR_CLIENT,
        ("wechat", "xiaohongshu"),
        title="店员私藏",
        pictures=("xinghe-gaiwan",),
        day=-2,
        hour=16,
        quiet_h=50,
    ),
    Story(
        "以旧换新：带一只旧茶杯来，换一泡新茶。\n旧杯会送到社区小学的陶艺课，重新变成泥土和故事。",
        State.INTERNAL_REVIEW,
        ("wechat", "weibo"),
        title="旧杯换新茶",
        pictures=("xinghe-gaiwan",),
        campaign=HARVEST,
        day=9,
        hour=10,
        quiet_h=28,
    ),
    Story(
        "🍃🍃🍃\n✨\n🌌",
        State.INTERNAL_REVIEW,
        ("instagram", "weibo"),
        pictures=("xinghe-river",),
        campaign=NIGHT,
        day=5,
        hour=21,
        quiet_h=2,
    ),
    Story(
        "全网最低价！错过再等一年！",
        State.INTERNAL_REWORK,
        ("weibo",),
        title="会员日",
        pictures=("xinghe-leaves",),
        day=3,
        hour=10,
        quiet_h=18,
        internal=(
            Change(
                "“最低价”属于绝对化用语，不能用；语气也不是星河茶。写清楚会员日有什么、到几号。",
                (Tag.LEGAL, Tag.BRAND),
            ),
        ),
    ),
    Story(
        "茶山一日：清晨四点半到晚上十点，跟拍采茶人。短片 60 秒，三段字幕，片尾落在星空。",
        State.IN_PRODUCTION,
        ("xiaohongshu", "wechat"),
        title="短片：茶山一日",
        campaign=HARVEST,
        day=12,
        hour=20,
        quiet_h=52,
        holder=Part.DESIGNER,
    ),
    Story(
        "七夕茶礼：两罐茶，一张星图，地点和日期由你来写。",
        State.IN_PRODUCTION,
        ("wechat", "xiaohongshu", "instagram"),
        title="七夕茶礼",
        campaign=NIGHT,
        day=16,
        hour=9,
        quiet_h=11,
    ),
    Story(
        "想法：请读者寄来家里最老的茶罐照片，评一只“年纪最大”的。",
        State.DRAFT,
        ("weibo",),
        title="老茶罐征集",
        in_production=False,
        quiet_h=150,
    ),
    Story(
        "泡茶小课第二讲：盖碗不烫手的三个办法。",
        State.DRAFT,
        ("xiaohongshu",),
        title="泡茶小课：盖碗",
        in_production=False,
        day=17,
        hour=19,
        quiet_h=26,
    ),
    Story(
        "联名预告：星河茶 × 某咖啡品牌，敬请期待。",
        State.CANCELLED,
        ("weibo", "wechat"),
        title="联名预告",
        in_production=False,
        day=-4,
        hour=10,
        quiet_h=110,
        reason="合作推迟到明年，客户要求全部撤下。",
    ),
)
