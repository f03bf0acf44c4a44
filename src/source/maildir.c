/*
 * maildir: one mail a file in new/ and cur/, flags behind ":2," of the name
 * (https://cr.yp.to/proto/maildir.html), and the subfolders of Maildir++ (".Name" beside cur/). Mail readers
 * move and rename while we look, so a mail is known by the stable part of its name, and looked for again when
 * it is not where it was.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool
is_folder(const char *folder, const char *name)
{
	char *path = path_join(folder, name);
	struct stat st;
	bool is = lstat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return is;
}

bool
maildir_looks(const char *path, bool with_tmp)
{
	return is_folder(path, "cur") && is_folder(path, "new") && (!with_tmp || is_folder(path, "tmp"));
}

size_t
maildir_base(const char *name)
{
	const char *flags = strstr(name, ":2,");

	return flags == NULL ? strlen(name) : (size_t)(flags - name);
}

/* The name of a mail behind "cur/" or "new/"; NULL for a subfolder. */
static const char *
mail_name(const char *listed)
{
	const char *slash = strchr(listed, '/');

	return slash == NULL ? NULL : slash + 1;
}

static int
compare_base(const char *a, const char *b)
{
	size_t a_len = maildir_base(a), b_len = maildir_base(b);
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

/* Mails before subfolders, by the stable part of their names; the same mail twice: cur/ first. */
static int
compare_listed(const char *a, const char *b)
{
	const char *a_mail = mail_name(a), *b_mail = mail_name(b);
	int order = 0;

	if (a_mail != NULL && b_mail != NULL)
		order = compare_base(a_mail, b_mail);
	else if (a_mail != NULL || b_mail != NULL)
		return a_mail != NULL ? -1 : 1;
	return order != 0 ? order : strcmp(a, b);
}

/* A mail that was moved between the two listings is in both. A name with a dot in front is no mail. */
static void
drop_others(struct listing *names)
{
	const char *last = NULL, *mail;
	size_t i, kept = 0;

	for (i = 0; i < names->count; i++) {
		mail = mail_name(listing_name(names, i));
		if (mail == NULL || (mail[0] != '.' && (last == NULL || compare_base(last, mail) != 0)))
			names->starts[kept++] = names->starts[i];
		last = mail;
	}
	names->count = kept;
}

static void
add_subfolders(struct listing *names, const struct listing *root, const char *path)
{
	const char *name;
	size_t i;

	for (i = 0; i < root->count; i++) {
		name = listing_name(root, i);
		if (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0 || strcmp(name, "tmp") == 0)
			continue;
		if (listing_is_folder(root, i) || is_folder(path, name))
			(void)listing_add(names, LISTING_FOLDER, "", name);
	}
}

enum status
maildir_list(struct listing *names, const char *path, struct err *err)
{
	/* new/ first: what moves to cur/ in between is met twice rather than never. */
	static const char *const parts[] = {"new", "cur"};
	enum status status = OK, this;
	struct listing root;
	char *part, *prefix;
	size_t i;

	for (i = 0; i < 2; i++) {
		part = path_join(path, parts[i]);
		prefix = path_join(parts[i], "");
		this = listing_read(names, part, prefix, err);
		status = this > status ? this : status;
		free(prefix);
		free(part);
	}
	listing_init(&root);
	this = listing_read(&root, path, "", err);
	status = this > status ? this : status;
	add_subfolders(names, &root, path);
	listing_free(&root);
	listing_sort(names, compare_listed);
	drop_others(names);
	return status;
}

char *
maildir_find(const struct item *item)
{
	char *cur = path_join(item->folder, "cur"), *found = NULL;
	size_t len = strlen(item->name);
	struct dirent *entry;
	DIR *dir = opendir(cur);

	while (dir != NULL && found == NULL && (entry = readdir(dir)) != NULL)
		if (maildir_base(entry->d_name) == len && strncmp(entry->d_name, item->name, len) == 0)
			found = path_join(cur, entry->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	free(cur);
	return found;
}

/* "cur/NAME:2,FLAGS" with S among the flags, which stand in the order of ASCII. */
static char *
seen_path(const struct item *item)
{
	const char *listed = item->path + strlen(item->folder) + strlen("/new/");
	const char *flags = listed + maildir_base(listed);
	char *name = mem_alloc(strlen(listed) + sizeof ":2,S"), *cur, *path;
	size_t len = (size_t)(flags - listed);

	memcpy(name, listed, len);
	memcpy(name + len, ":2,", 3);
	len += 3;
	flags += flags[0] == '\0' ? 0 : 3;
	for (; flags[0] != '\0' && flags[0] < 'S'; flags++)
		name[len++] = flags[0];
	name[len++] = 'S';
	flags += flags[0] == 'S' ? 1 : 0;
	memcpy(name + len, flags, strlen(flags) + 1);
	cur = path_join(item->folder, "cur");
	path = path_join(cur, name);
	free(cur);
	free(name);
	return path;
}

enum status
maildir_settle(const struct item *item, struct err *err)
{
	enum status status = OK;
	struct stat st;
	char *path;
	int error;

	if (lstat(item->path, &st) != 0 || (uint64_t)st.st_ino != item->inode)
		return err_set(err, SKIP, "is no longer in new/; left alone");
	path = seen_path(item);
	error = rename_new(item->path, path);
	if (error != 0)
		status = err_set(err, BAD, "cannot move to cur/: %s", strerror(error));
	free(path);
	return status;
}

static bool
maildir_takes(const char *text, const struct account *account)
{
	(void)account;
	return maildir_looks(text, false);
}

static enum status
maildir_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	return tree_open(source, &maildir_source, text, true, options, err);
}

const struct source_class maildir_source = {
    .name = "Maildir",
    .takes = maildir_takes,
    .open = maildir_open,
    .next = tree_next,
    .read = tree_read,
    .settle = tree_settle,
    .total = tree_total,
    .close = tree_close,
};
