/* question_mark: what was decided about sources. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column decisions[] = {
    {"source", "Source", CELL_TEXT, 0, 16},
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"verdict", "Decision", CELL_TEXT, 0, 0},
    {"until", "Until", CELL_DAY, COLUMN_SPARSE, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"who", "Who", CELL_TEXT, 2, 8},
    {"at", "At (UTC)", CELL_TIME, 1, 0},
    {"note", "Note", CELL_TEXT, BELOW, 0},
};

static const struct question_section mark_sections[] = {
    SECTION("mark", NULL, SHAPE_ROWS, true, decisions, "mark"),
};

const struct question question_mark = {
    .name = "mark",
    .summary = "what was decided about sources",
    .takes = TAKES_NUMBER,
    .nothing = "nothing was decided: `dmarcq mark` does that",
    .sections = mark_sections,
    .count = COUNT(mark_sections),
};
