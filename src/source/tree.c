/*
 * tree: the walk that folder and Maildir share: a stack of listed folders, each sorted, one name after the
 * other. Symbolic links below the folder that was named are not followed, so there is no way out of it and no
 * circle.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum level_kind {
	LEVEL_PLAIN,   /* files and folders */
	LEVEL_MAILDIR, /* mails and folders */
	LEVEL_BETWEEN, /* a folder in a Maildir that is none itself: only folders count */
};

struct level {
	enum level_kind kind;
	char *path; /* canonical, owned */
	struct listing names;
	size_t at, folders_left;
};

struct tree {
	struct source source;
	struct source_options options;
	struct level *levels;
	size_t depth, cap;
	uint64_t done;
	_Atomic uint64_t total; /* asked from other threads */
	struct stat target;     /* of move_to: never walked into */
	bool has_target;
	struct err trouble; /* met while opening, told by the first tree_next */
	bool has_trouble;
};

/* Known when every folder has been listed: what was handed out and what the lists still hold. */
static void
count_total(struct tree *tree)
{
	uint64_t total = tree->done;
	size_t i;

	for (i = 0; i < tree->depth; i++) {
		if (tree->levels[i].folders_left > 0)
			return;
		total += tree->levels[i].names.count - tree->levels[i].at;
	}
	atomic_store(&tree->total, total);
}

/* Lists a folder and makes it the one that is read next; path becomes the tree's. */
static enum status
tree_enter(struct tree *tree, char *path, enum level_kind kind, struct err *err)
{
	struct level *level;
	enum status status;

	if (tree->depth == tree->cap) {
		tree->cap = tree->cap == 0 ? 8 : tree->cap * 2;
		tree->levels = mem_grow(tree->levels, tree->cap * sizeof *tree->levels);
	}
	level = &tree->levels[tree->depth++];
	memset(level, 0, sizeof *level);
	level->kind = kind;
	level->path = path;
	listing_init(&level->names);
	if (kind == LEVEL_MAILDIR) {
		status = maildir_list(&level->names, path, err);
	} else {
		status = listing_read(&level->names, path, "", err);
		listing_sort(&level->names, NULL);
	}
	level->folders_left = level->names.folders;
	count_total(tree);
	return status;
}

static void
tree_leave(struct tree *tree)
{
	struct level *level = &tree->levels[--tree->depth];

	listing_free(&level->names);
	free(level->path);
}

/* Whether a folder named by the user can be listed at all. */
static enum status
folder_usable(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		(void)err_stop(err, exit_code_of(errno), "cannot read folder: %s", strerror(errno));
		return err_at(err, "%s", path);
	}
	(void)close(fd);
	return OK;
}

enum status
tree_open(struct source **source, const struct source_class *class, const char *text, bool maildir,
    const struct source_options *options, struct err *err)
{
	char *path = realpath(text, NULL);
	struct tree *tree;

	if (path == NULL) {
		(void)err_stop(err, exit_code_of(errno), "%s", strerror(errno));
		return err_at(err, "%s", text);
	}
	if (folder_usable(path, err) != OK) {
		free(path);
		return FATAL;
	}
	tree = mem_zero(1, sizeof *tree);
	tree->source.class = class;
	tree->options = *options;
	tree->has_target = options->settle == SETTLE_MOVE && stat(options->move_to, &tree->target) == 0;
	tree->has_trouble =
	    tree_enter(tree, path, maildir ? LEVEL_MAILDIR : LEVEL_PLAIN, &tree->trouble) != OK;
	*source = &tree->source;
	return OK;
}

static bool
is_target(const struct tree *tree, const struct stat *st)
{
	return tree->has_target && tree->target.st_dev == st->st_dev && tree->target.st_ino == st->st_ino;
}

static enum status
tree_descend(struct tree *tree, const struct level *level, char *path, const struct stat *st, struct err *err)
{
	enum level_kind kind = level->kind == LEVEL_PLAIN ? LEVEL_PLAIN : LEVEL_BETWEEN;

	if (is_target(tree, st)) {
		free(path);
		return OK;
	}
	return tree_enter(tree, path, maildir_looks(path, true) ? LEVEL_MAILDIR : kind, err);
}

static struct item *
tree_item(
    struct tree *tree, const struct level *level, const char *name, const char *path, const struct stat *st)
{
	struct item *item;

	if (level->kind != LEVEL_MAILDIR)
		return item_new(&tree->source, level->path, name, path, st);
	item = item_new(&tree->source, level->path, name + strlen("new/"), path, st);
	item->name[maildir_base(item->name)] = '\0';
	item->in_maildir = true;
	item->maildir_new = strncmp(name, "new/", strlen("new/")) == 0;
	return item;
}

/* A name that is gone; with the whole folder gone, one message is enough. */
static enum status
tree_gone(struct tree *tree, const char *path, int error, struct err *err)
{
	const struct level *level = &tree->levels[tree->depth - 1];
	struct stat st;

	if (error != ENOENT || lstat(level->path, &st) == 0) {
		(void)err_set(err, BAD, "%s", strerror(error));
		return err_at(err, "%s", path);
	}
	(void)err_set(err, BAD, "the folder vanished while it was read");
	(void)err_at(err, "%s", level->path);
	tree_leave(tree);
	return BAD;
}

/* One name of the uppermost level: an item, or nothing of interest (*item NULL). */
static enum status
tree_step(struct tree *tree, struct item **item, struct err *err)
{
	struct level *level = &tree->levels[tree->depth - 1];
	const char *name = listing_name(&level->names, level->at);
	char *path = path_join(level->path, name);
	enum status status = OK;
	struct stat st;

	if (listing_is_folder(&level->names, level->at))
		level->folders_left--;
	level->at++;
	if (lstat(path, &st) != 0) {
		status = tree_gone(tree, path, errno, err);
	} else if (S_ISDIR(st.st_mode) && strchr(name, '/') == NULL) {
		status = tree_descend(tree, level, path, &st, err);
		path = NULL;
	} else if (S_ISREG(st.st_mode) && (level->kind == LEVEL_PLAIN ||
					      (level->kind == LEVEL_MAILDIR && strchr(name, '/') != NULL))) {
		*item = tree_item(tree, level, name, path, &st);
		tree->done++;
	}
	count_total(tree);
	free(path);
	return status;
}

enum status
tree_next(struct source *source, struct item **item, struct err *err)
{
	struct tree *tree = (struct tree *)source;
	struct level *level;
	enum status status;

	*item = NULL;
	if (tree->has_trouble) {
		tree->has_trouble = false;
		*err = tree->trouble;
		return BAD;
	}
	while (tree->depth > 0) {
		level = &tree->levels[tree->depth - 1];
		if (level->at == level->names.count) {
			tree_leave(tree);
			continue;
		}
		status = tree_step(tree, item, err);
		if (status != OK || *item != NULL)
			return status;
	}
	return SKIP;
}

/* Mails have a path that is not just folder and name: cur/ or new/ stands between them. */
static bool
is_mail(const struct item *item)
{
	return strlen(item->path) > strlen(item->folder) + 1 + strlen(item->name);
}

enum status
tree_read(struct source *source, struct item *item, struct spool *spool, int *fd, struct err *err)
{
	const struct limits *limits = ((struct tree *)source)->options.limits;
	enum status status;
	char *path;
	int error;

	status = file_read(item->path, limits, spool, fd, &error, err);
	if (status != BAD || error != ENOENT || !is_mail(item))
		return status;
	/* A mail reader has moved it or changed its flags. */
	path = maildir_find(item);
	if (path != NULL)
		status = file_read(path, limits, spool, fd, &error, err);
	free(path);
	return status;
}

enum status
tree_settle(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	if (fate == FATE_CUT)
		return OK;
	if (item->maildir_new)
		return maildir_settle(item, err);
	if (is_mail(item))
		return OK;
	return file_settle(item, &((struct tree *)source)->options, err);
}

uint64_t
tree_total(const struct source *source)
{
	return atomic_load(&((const struct tree *)source)->total);
}

void
tree_close(struct source *source)
{
	struct tree *tree = (struct tree *)source;

	while (tree->depth > 0)
		tree_leave(tree);
	free(tree->levels);
	free(tree);
}
