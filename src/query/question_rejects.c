/* question_rejects: what could not be read. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column rejects[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"at", "At (UTC)", CELL_TIME, 1, 0},
    {"where", "Where", CELL_TEXT, 4, 0},
    {"status", "Status", CELL_TEXT, 1, 0},
    {"reason", "Reason", CELL_TEXT, 3, 0},
    {"bytes", "Bytes", CELL_BYTES, 1, 0},
};

static const struct question_section rejects_sections[] = {
    SECTION("rejects", NULL, SHAPE_ROWS, true, rejects, "rejects"),
};

const struct question question_rejects = {
    .name = "rejects",
    .summary = "what could not be read, and why",
    .takes = TAKES_NUMBER,
    .nothing = "nothing is rejected",
    .sections = rejects_sections,
    .count = COUNT(rejects_sections),
};
