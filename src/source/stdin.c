/*
 * stdin: the source "-": everything on standard input is one item, so that a mail server can deliver to the
 * program. There is nothing to settle: the exit code tells the mail server.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICK_MS = 200 };

struct standard_input {
	struct source source;
	const struct limits *limits;
	bool (*stop)(void); /* may be NULL */
	bool done;
};

static bool
stdin_takes(const char *text, const struct account *account)
{
	(void)account;
	return strcmp(text, "-") == 0;
}

static enum status
stdin_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	struct standard_input *input = mem_zero(1, sizeof *input);

	(void)text;
	(void)err;
	input->source.class = &stdin_source;
	input->limits = options->limits;
	input->stop = options->stop;
	*source = &input->source;
	return OK;
}

static enum status
stdin_next(struct source *source, struct item **item, struct err *err)
{
	struct standard_input *input = (struct standard_input *)source;

	(void)err;
	if (input->done)
		return SKIP;
	input->done = true;
	*item = item_new(source, "-", "standard input", NULL, NULL);
	return OK;
}

/* Who writes may take long, or be a person who forgot the pipe: false when it is not waited for any more. */
static bool
wait_for_input(const struct standard_input *input)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

	while (input->stop == NULL || !input->stop())
		if (poll(&in, 1, TICK_MS) != 0)
			return true; /* also when it can't be waited for: reading says why */
	return false;
}

static enum status
stdin_read(struct source *source, struct item *item, struct spool *spool, int *fd, struct err *err)
{
	const struct standard_input *input = (const struct standard_input *)source;
	const struct limits *limits = input->limits;
	unsigned char chunk[16384];
	enum status status;
	ssize_t n;

	(void)item;
	*fd = -1;
	while (wait_for_input(input) && (n = read(STDIN_FILENO, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_stop(err, EXIT_CODE_TEMPORARY, "cannot read: %s", strerror(errno));
		status = spool_add(
		    spool, chunk, (size_t)n, (size_t)limits->spool_memory, limits->input_bytes, err);
		if (status != OK)
			return status;
	}
	if (input->stop != NULL && input->stop())
		return err_set(err, SKIP, "stopped by request");
	return OK;
}

static enum status
stdin_settle(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	(void)fate;
	(void)source;
	(void)item;
	(void)err;
	return OK;
}

static uint64_t
stdin_total(const struct source *source)
{
	(void)source;
	return 1;
}

static void
stdin_close(struct source *source)
{
	free(source);
}

const struct source_class stdin_source = {
    .name = "standard input",
    .takes = stdin_takes,
    .open = stdin_open,
    .next = stdin_next,
    .read = stdin_read,
    .settle = stdin_settle,
    .total = stdin_total,
    .close = stdin_close,
};
