/* database: where the database lies when nobody says so, and the folders that such things lie below. */
#include "base/mem.h"
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

char *
path_below(const char *folder, const char *rest)
{
	size_t len = folder == NULL ? 0 : strlen(folder);
	char *path;

	if (len == 0 || folder[0] != '/')
		return NULL;
	path = mem_alloc(len + strlen(rest) + 1);
	memcpy(path, folder, len);
	memcpy(path + len, rest, strlen(rest) + 1);
	return path;
}

enum status
database_place(char **path, bool root, struct err *err)
{
	if (root)
		*path = mem_copy("/var/lib/dmarcq/dmarcq.db");
	else
		*path = path_below(getenv("XDG_DATA_HOME"), "/dmarcq/dmarcq.db");
	if (*path == NULL)
		*path = path_below(getenv("HOME"), "/.local/share/dmarcq/dmarcq.db");
	if (*path == NULL)
		return err_stop(
		    err, EXIT_CODE_CONFIG, "no home folder is known: name the database with --db");
	return OK;
}
