"""Every sentence a person can read is there in every language, well set."""

import pytest
import reflex as rx
from babel.messages.catalog import Catalog

from postboard.domain.errors import Refused
from postboard.locale import N_, upkeep
from postboard.locale.extraction import Sentence
from postboard.ui.words import _, d_, n_, said, set_language


def test_every_sentence_is_there_in_every_language():
    assert upkeep.check() == []


def test_the_check_names_what_is_missing_unused_fuzzy_empty_and_ill_fitting():
    catalog = Catalog("zh_CN")
    catalog.add("Gone", "没了")
    catalog.add("Draft", "草稿", flags=["fuzzy"])
    catalog.add("Approve")
    catalog.add("Round {n}", "第 {m} 轮")
    catalog.add(("{n} post", "{n} posts"), ("{n} 条帖子",))
    catalog.add("Sent, now wait", "已发送,请等待")
    catalog.add("By AI", "由AI生成")
    used = [
        "Draft",
        "Approve",
        "Round {n}",
        "{n} post",
        "Sent, now wait",
        "By AI",
        "Schedule",
    ]

    found = upkeep.faults(
        "zh-CN",
        catalog,
        {one: Sentence(one, None, "postboard/ui/page.py:3", in_browser=True) for one in used},
    )

    assert found == [
        'zh-CN: missing "Schedule" (postboard/ui/page.py:3)',
        'zh-CN: unused "Gone"',
        'zh-CN: fuzzy in "Draft"',
        'zh-CN: no text in "Approve"',
        'zh-CN: other placeholders in "Round {n}"',
        'zh-CN: half-width , beside Chinese in "Sent, now wait"',
        'zh-CN: no space between Chinese and Latin or figures in "By AI"',
    ]


def test_words_are_looked_up_in_the_browser():
    count = rx.Var("state.count", _var_type=int)

    assert [
        str(_("Move to…")),
        str(_("Round {n} of {m}", n=count, m=3)),
        str(_(N_("Draft"))),
        str(_(rx.Var("warning.message_id"), rx.Var("warning.facts"))),
        str(n_("{n} post", "{n} posts", count)),
        str(d_("2026-11-24", "day")),
        str(d_("2026-11-24", "relative", "Asia/Shanghai")),
    ] == [
        r'postboardWords.t("Move to\u2026")',
        'postboardWords.t("Round {n} of {m}",({ ["n"] : state.count, ["m"] : 3 }))',
        'postboardWords.t("Draft")',
        "postboardWords.t(warning.message_id,warning.facts)",
        'postboardWords.plural("{n} post","{n} posts",state.count)',
        'postboardWords.date("2026-11-24","day",null)',
        'postboardWords.date("2026-11-24","relative","Asia/Shanghai",postboardMinute)',
    ]


def test_a_sentence_and_its_facts_must_fit():
    with pytest.raises(ValueError, match="Round"):
        _("Round {n}", m=1)


def test_a_refusal_is_said_in_every_language_without_letting_script_in():
    refused = Refused("No {name} here.", name='"+alert(1)+"</script>')

    assert str(said(refused)) == (
        r'postboardWords.said(({ ["en"] : "No \"+alert(1)+\"</script> here.",'
        r' ["zh-CN"] : "No \"+alert(1)+\"</script> here." }))'
    )


def test_changing_the_language_stays_in_the_browser():
    event = set_language("zh-CN")

    assert event.handler.fn.__qualname__ == "_call_function"
    assert 'setLanguage("zh-CN")' in str(event.args)
