/* folder: a folder named by the user, with all that is in it; see tree.c. */
#include "source/driver.h"

static bool
folder_takes(const char *text, const struct account *account)
{
	struct stat st;

	(void)account;
	return stat(text, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum status
folder_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	return tree_open(source, &folder_source, text, false, options, err);
}

const struct source_class folder_source = {
    .name = "folder",
    .takes = folder_takes,
    .open = folder_open,
    .next = tree_next,
    .read = tree_read,
    .settle = tree_settle,
    .total = tree_total,
    .close = tree_close,
};
