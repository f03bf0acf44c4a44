/* question_db_info: what the database holds and what it takes. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column database[] = {
    {"schema", "Schema version", CELL_ID, 0, 0},
    {"created", "Created (UTC)", CELL_TIME, 0, 0},
    {"created_by", "Created by", CELL_TEXT, 0, 0},
    {"oldest_day", "Oldest day", CELL_DAY, 0, 0},
    {"newest_day", "Newest day", CELL_DAY, 0, 0},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"pruned_reports", "Pruned reports", CELL_INTEGER, 1, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"conflicts", "In conflict", CELL_INTEGER, 1, 0},
    {"originals", "Originals", CELL_INTEGER, 0, 0},
    {"original_bytes", "As they arrived", CELL_BYTES, 0, 0},
    {"kept_bytes", "As they are kept", CELL_BYTES, 0, 0},
    {"file_bytes", "File", CELL_BYTES, 0, 0},
    {"log_bytes", "Write-ahead log", CELL_BYTES, 1, 0},
    {"free_bytes", "Free inside", CELL_BYTES, 1, 0},
};

static const struct column tables[] = {
    {"table", "Table", CELL_TEXT, 0, 0},
    {"rows", "Rows", CELL_INTEGER, 0, 0},
    {"bytes", "Bytes", CELL_BYTES, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"index_bytes", "Indexes", CELL_BYTES, 0, 0},
};

static const struct question_section sections[] = {
    SECTION("database", "Database", SHAPE_OBJECT, true, database, "db_info"),
    SECTION("tables", NULL, SHAPE_ROWS, true, tables, "db_info_tables"),
};

const struct question question_db_info = {
    .name = "db info",
    .summary = "what the database holds and what it takes, table by table",
    .takes = TAKES_DISK,
    .sections = sections,
    .count = COUNT(sections),
};
