/* cmd_db_backup: a copy of the database as it is at one moment. */
#include "cli/options.h"
#include "cli/stop.h"
#include "cli/summary.h"
#include "cli/target.h"
#include "store/keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct option backup_options[] = {OPTION_END};

static bool
is_in_use(const char *path)
{
	char *turn = NULL;
	size_t len = 0;
	FILE *name = open_memstream(&turn, &len);
	bool there;

	if (name == NULL)
		return true;
	(void)fprintf(name, "%s-turn", path);
	there = fclose(name) != 0 || access(turn, F_OK) == 0;
	free(turn);
	return there;
}

/*
 * An earlier backup is replaced, for it is made again every night. Anything else that has the name was not
 * meant: another file, or a database that is written to.
 */
static enum status
may_replace(const char *path, struct err *err)
{
	const char *why;
	struct stat st;

	if (lstat(path, &st) != 0)
		return OK;
	if (!S_ISREG(st.st_mode))
		why = "not a file";
	else if (st.st_size > 0 && !store_is_ours(path))
		why = "there is a file of that name that is no dmarcq database";
	else if (is_in_use(path))
		why = "there is a database of that name that is written to (it has a -turn file)";
	else
		return OK;
	(void)err_stop(err, EXIT_CODE_IO, "%s: nothing was changed", why);
	return err_at(err, "%s", path);
}

/* The copy has a temporary name while it is written; people know it by its own. */
static enum status
write_copy(const struct target *target, const struct context *context, struct err *err)
{
	enum status status =
	    store_backup(context->db_path, target->temporary, &context->limits, stop_wanted, err);

	if (status != OK && strcmp(err->where, target->temporary) == 0)
		(void)snprintf(err->where, sizeof err->where, "%s", target->path);
	return status;
}

static enum status
backup_run(struct context *context, struct err *err)
{
	const char *path = context->args[0];
	struct target target = {0};
	char digest[SHA256_TEXT]; /* of what was put through the target: nothing, SQLite writes the file
				     itself */
	enum status status = may_replace(path, err);

	if (status == OK) {
		stop_catch_all(); /* what has no name yet is never left behind */
		status = target_open(&target, path, "", err);
	}
	if (status == OK)
		status = write_copy(&target, context, err);
	if (status == OK)
		status = target_finish(digest, &target, err);
	if (status == OK)
		status = target_name(&target, err);
	target_close(&target);
	if (status == OK && !context->quiet)
		line_print(context->out, path);
	return status;
}

const struct command cmd_db_backup = {
    .name = "db backup",
    .summary = "copies the database to a file, also while an import runs",
    .arguments = "FILE",
    .least_args = 1,
    .most_args = 1,
    .options = backup_options,
    .needs = NEEDS_PATH,
    .run = backup_run,
};
