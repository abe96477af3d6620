"""The demo's pictures (`assets/demo/<name>.svg`) with their alternative texts."""

from collections.abc import Mapping

PICTURES: Mapping[str, str] = {
    "acme-cup": "A cup of coffee from above, steam curling over warm cream",
    "acme-beans": "Roasted coffee beans scattered on terracotta",
    "acme-terrace": "A parasol and a small round table in morning sun",
    "borealis-peaks": "Layered blue mountains under a green northern light",
    "borealis-tent": "A lit tent by a lake at dusk",
    "borealis-trail": "A trail winding through pines to a far summit",
    "xinghe-leaves": "三片嫩茶叶舒展在浅绿底色上",
    "xinghe-gaiwan": "盖碗与公道杯，热气袅袅",
    "xinghe-river": "星河横过夜空，茶山层叠",
    "museum-arch": "A museum arch opening on the sea",
    "museum-boat": "A small red sailing boat on calm water",
    "museum-lamp": "A lighthouse beam over a quiet harbour",
}
