/* cmd_db_vacuum: gives the space of what is gone back to the file system. */
#include "cli/numbers.h"
#include "store/keep.h"

static const struct option vacuum_options[] = {OPTION_FORMAT, OPTION_END};

/* name, title, type, priority, least width */
static const struct column columns[] = {
    {"before_bytes", "Bytes before", CELL_BYTES, 0, 0},
    {"after_bytes", "Bytes after", CELL_BYTES, 0, 0},
    {"freed_percent", "Given back", CELL_PERCENT, 0, 0},
};

static enum status
vacuum_run(struct context *context, struct err *err)
{
	static const struct section section = {
	    "db vacuum", NULL, SHAPE_ROWS, true, columns, sizeof columns / sizeof *columns};
	struct room room = store_room(context->store);
	int64_t before = (int64_t)(room.file + room.log), after;
	enum status status = store_vacuum(context->store, err);

	if (status != OK)
		return status;
	room = store_room(context->store);
	after = (int64_t)(room.file + room.log);
	return numbers_write(context, &section,
	    (struct cell[]){{.known = true, .number = before}, {.known = true, .number = after},
		{.known = before >= after, .number = before - after, .whole = before}},
	    err);
}

const struct command cmd_db_vacuum = {
    .name = "db vacuum",
    .summary = "gives the space of what is gone back to the file system",
    .arguments = "",
    .options = vacuum_options,
    .needs = NEEDS_WRITE,
    .run = vacuum_run,
};
