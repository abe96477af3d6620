"""Which column of a plan means what: the headers people write, in five languages."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postboard.imports.plan_dates import reads_as_moment
from postboard.imports.workbook import Cell

# Of several columns with one meaning the alias that stands first wins, so order counts:
# a publish date beats a due date, a caption beats a description.
_ALIASES: Final[Mapping[str, str]] = {
    "date": """
        publish date; publishing date; publication date; publish time; publish at; publish on
        scheduled date; schedule date; scheduled at; scheduled for; scheduled time; schedule
        scheduled; schedule time; posting date; posting time; post date; post at specific time
        go live date; live date; date time; datetime; date and time; date; planned date
        planned on; planned for; due date; due at
        fecha de publicación; fecha publicación; fecha y hora; fecha programada; fecha
        veröffentlichungsdatum; veröffentlichung; datum und uhrzeit; posting datum; datum; termin
        date de publication; date et heure; date prévue
        data de publicação; data di pubblicazione
        发布日期; 发布时间; 计划发布时间; 排期; 日期时间; 日期; 發佈日期; 發布日期""",
    "time": """
        time; time slot; post time; time of day; time 24hr; time 24h; publishing hour
        hora; hora de publicación; horario; uhrzeit; zeit; heure; heure de publication
        时间; 时刻; 时间点; 時間""",
    "caption": """
        caption; captions; post caption; caption text; post text; message text; message; text
        post copy; copy; copy text; social copy; post content; content; post; body; post body
        tweet; status update; description
        texto; texto del post; texto de la publicación; copy out; leyenda; descripción; mensaje
        beitragstext; posttext; bildunterschrift; nachricht; inhalt; beitrag
        légende; texte; texte du post; contenu; message du post; publication; legenda
        文案; 正文; 配文; 文案内容; 发布文案; 内容; 发布内容; 帖子内容; 內容""",
    "title": """
        title; post title; headline; subject; topic; post topic; concept; idea; post idea
        content idea; theme; hook
        título; titular; tema; concepto; asunto; idea de contenido
        titel; überschrift; thema; betreff; idee
        titre; sujet; thème; idée
        标题; 主题; 选题; 话题名称; 標題""",
    "networks": """
        platform; platforms; network; networks; social network; social networks; social media
        social platform; channel; channels; social channel; social media platform
        plataforma; plataformas; red social; redes; redes sociales; canal; canales
        plattform; plattformen; kanal; kanäle; netzwerk; netzwerke
        plateforme; plateformes; réseau; réseaux; réseau social; réseaux sociaux
        平台; 发布平台; 渠道; 发布渠道; 账号平台; 平臺""",
    "link": """
        link; links; url; post link; link url; cta link; landing page; destination url
        website link; pinterest pin link
        enlace; enlaces; verlinkung; lien; liens; 链接; 落地页; 跳转链接; 連結""",
    "first_comment": """
        first comment; first comment text; primer comentario; erster kommentar
        premier commentaire; 首评; 首条评论""",
    "language": "language; lang; locale; idioma; sprache; langue; 语言; 語言",
    "status": """
        status; post status; post progress; progress; state; stage; approval status; approval
        estado; estatus; freigabe; statut; état; 状态; 进度; 审核状态; 狀態""",
    "draft": "draft",
    "reference": "id; post id; content id; reference; ref; uid; uuid; row id; 编号; 帖子编号",
    "hashtags": "hashtags; hashtag; hash tags; 话题; 话题标签; 話題",
    "campaign": """
        campaign; campaign name; campaña; kampagne; campagne; 活动; 推广活动; 营销活动""",
    "pillar": """
        pillar; content pillar; content pillars; pilar; pilar de contenido; säule
        piliers; pilier; 栏目; 内容支柱; 内容栏目""",
    "labels": """
        labels; label; tags; category; etiquetas; categoría
        schlagwörter; kategorie; catégorie; 标签; 分类""",
    "media": """
        media; media url; media urls; media file; media files; image; images; image url
        image urls; picture; pictures; picture url; photo; photos; video; videos; video url
        video urls; gif url; gif urls; visual; visuals; asset; assets; asset link; creative
        media link; image link; file
        imagen; imágenes; medios; archivo; bild; bilder; medien; visuel; visuels; média; médias
        图片; 视频; 素材; 配图; 图片链接; 素材链接; 圖片""",
    "alt_texts": """
        alt text; alt texts; image alt text; alt text picture; texto alternativo
        alternativtext; bildbeschreibung; texte alternatif; 替代文本; 图片说明""",
    "post_type": """
        post type; type of post; content type; post subtype; format; content format; placement
        media type; type; instagram post type; facebook post type
        tipo; tipo de post; tipo de contenido; formato; beitragsart; beitragstyp; inhaltstyp; typ
        type de post; type de contenu
        类型; 内容类型; 形式; 内容形式; 發佈類型""",
}
# Every column of these counts, not only the first.
_MANY: Final = frozenset({"hashtags", "labels", "media", "alt_texts", "post_type"})

_NETWORK_NAMES: Final[Mapping[str, str]] = {
    "facebook": "facebook; fb; facebook page; meta facebook; 脸书",
    "instagram": "instagram; ig; insta; 照片墙",
    "x": "x; twitter; twitter x; x twitter; 推特",
    "linkedin": "linkedin; li; linked in; linkedin page; 领英",
    "tiktok": "tiktok; tik tok; tt",
    "youtube": "youtube; yt; you tube; youtube shorts; 油管",
    "pinterest": "pinterest; pin",
    "threads": "threads",
    "bluesky": "bluesky; bsky; blue sky",
    "mastodon": "mastodon",
    "google_business": """
        google business; google business profile; gbp; gmb; google my business""",
    "weibo": "weibo; sina weibo; 微博; 新浪微博",
    "wechat": "wechat; weixin; 微信; 微信公众号; 公众号; 视频号; 微信视频号; 朋友圈",
    "xiaohongshu": "xiaohongshu; xhs; rednote; red note; 小红书; 小紅書",
}
MEANINGS: Final = (
    "caption",
    "title",
    "date",
    "time",
    "networks",
    "link",
    "campaign",
    "pillar",
    "hashtags",
    "media",
    "alt_texts",
    "first_comment",
    "post_type",
    "labels",
    "language",
    "status",
    "reference",
    *(f"network:{network}" for network in _NETWORK_NAMES),
)
"""What a person may say that a column holds; `network:<key>` for one that says yes or no."""

_CARRIES_A_POST: Final = frozenset({"caption", "title", "media"})
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST_HEADER: Final = 100


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns by meaning, and the names the file gives them."""

    names: tuple[str, ...]
    by_field: Mapping[str, tuple[int, ...]]
    flags: Mapping[int, str]

    @property
    def carries_posts(self) -> bool:
        return not _CARRIES_A_POST.isdisjoint(self.by_field)

    @property
    def meanings(self) -> dict[int, str]:
        """By position."""
        meaning = {at: field for field, places in self.by_field.items() for at in places}
        return meaning | {at: f"network:{network}" for at, network in self.flags.items()}

    @property
    def recognised(self) -> dict[str, str]:
        meaning = self.meanings
        return {self.names[at]: meaning[at] for at in sorted(meaning)}

    def said_to_be(self, chosen: Mapping[int, str]) -> "Columns":
        """With what a person says of some columns, "" for one that is not read; where a meaning is
        that of one column only, theirs takes it.
        """
        said = {at: meaning for at, meaning in chosen.items() if at < len(self.names)}
        taken = {meaning for meaning in said.values() if meaning not in _MANY}
        kept = {
            at: meaning
            for at, meaning in self.meanings.items()
            if at not in said and meaning not in taken
        }
        by_field: dict[str, list[int]] = {}
        flags: dict[int, str] = {}
        for at, meaning in sorted((kept | said).items()):
            network = meaning.removeprefix("network:")
            if network != meaning:
                flags[at] = network
            elif meaning:
                by_field.setdefault(meaning, []).append(at)
        return Columns(self.names, {key: tuple(at) for key, at in by_field.items()}, flags)

    @property
    def ignored(self) -> tuple[str, ...]:
        known = self.recognised
        return tuple(name for name in self.names if name and name not in known)


def header_key(text: str) -> str:
    """A header without case, accents, brackets and punctuation: `Link(s)` -> `link`."""
    wide = unicodedata.normalize("NFKC", text)
    key = _letters(_BRACKETS.sub("", wide))
    return key or _letters(wide)


def _letters(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in bare if character.isalnum())


def network_named(text: str) -> str | None:
    return _NETWORK_BY_KEY.get(header_key(text))


def field_named(text: str) -> str | None:
    """What a header of these words holds."""
    return _FIELD_BY_KEY.get(numberless(header_key(text)))


def network_starting(header: str) -> str | None:
    """The network a header such as `Instagram Post Type` is about."""
    words = header.split()
    return network_named(words[0]) if len(words) > 1 else None


def header_score(row: Sequence[Cell]) -> int:
    """How many different meanings of a plan a row names; 0 for a row that is no header."""
    keys = _keys_of_header(tuple(row))
    fields = {_FIELD_BY_KEY[key] for key in keys if key in _FIELD_BY_KEY}
    networks = {_NETWORK_BY_KEY[key] for key in keys if key in _NETWORK_BY_KEY}
    enough = len(fields) > 1 or ("caption" in fields and len(networks) > 1)
    return len(fields) + len(networks) if enough else 0


@functools.lru_cache(maxsize=512)
def _keys_of_header(row: tuple[Cell, ...]) -> tuple[str, ...]:
    """Keys of the cells; none when one holds what only a post has: a date, an address, a text."""
    keys: list[str] = []
    for cell in row:
        if not isinstance(cell, str) or len(cell) > _LONGEST_HEADER:
            return ()
        if "://" in cell or reads_as_moment(cell):
            return ()
        if cell:
            keys.append(numberless(header_key(cell)))
    return tuple(keys)


def numberless(key: str) -> str:
    """`pictureurl10` -> `pictureurl`: numbered columns mean the same."""
    return key.rstrip("0123456789") or key


def map_columns(names: Sequence[str], extra: Mapping[str, str], flags: Iterable[int]) -> Columns:
    """Columns of a header.

    `extra` are the aliases of one layout, by key, which go before the common ones;
    `flags` are the columns whose cells only say yes or no.
    """
    keys = [header_key(name) for name in names]
    networks = {at: _NETWORK_BY_KEY[keys[at]] for at in flags if keys[at] in _NETWORK_BY_KEY}
    ranked: dict[str, list[tuple[int, int]]] = {}
    for at, key in enumerate(keys):
        found = _meaning(key, extra)
        if found and at not in networks:
            field, rank = found
            ranked.setdefault(field, []).append((rank, at))
    by_field = {field: _places(field, places) for field, places in ranked.items()}
    return Columns(tuple(unique_names(names)), by_field, networks)


def _meaning(key: str, extra: Mapping[str, str]) -> tuple[str, int] | None:
    if key in extra:
        return extra[key], -1
    known = key if key in _FIELD_BY_KEY else numberless(key)
    field = _FIELD_BY_KEY.get(known)
    return (field, _RANK_BY_KEY[known]) if field else None


def _places(field: str, ranked: list[tuple[int, int]]) -> tuple[int, ...]:
    if field in _MANY or min(ranked)[0] < 0:
        return tuple(sorted(at for _, at in ranked))
    return (min(ranked)[1],)


def unique_names(names: Sequence[str]) -> list[str]:
    """The second `Views` becomes `Views (2)`; a nameless column stays nameless."""
    times: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        times[name] = times.get(name, 0) + 1
        unique.append(f"{name} ({times[name]})" if name and times[name] > 1 else name)
    return unique


def _keys(lines: str) -> list[str]:
    return [header_key(part) for part in re.split(r"[;\n]", lines) if part.strip()]


_FIELD_BY_KEY: Final = {
    key: field for field, aliases in reversed(_ALIASES.items()) for key in _keys(aliases)
}
_RANK_BY_KEY: Final = {
    key: rank for aliases in _ALIASES.values() for rank, key in enumerate(_keys(aliases))
}
_NETWORK_BY_KEY: Final = {
    key: network for network, names in _NETWORK_NAMES.items() for key in _keys(names)
}
