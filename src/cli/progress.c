/* progress: drawn over itself with a carriage return; nothing of it ever reaches a file or a pipe. */
#include "cli/progress.h"

#include "cli/summary.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR = 20, WIDTH_UNKNOWN = 80 };

static void
put_bar(char *line, uint64_t done, uint64_t total)
{
	char bar[BAR + 1];
	double part = done >= total ? 1 : (double)done / (double)total;
	size_t full = (size_t)(part * BAR);

	memset(bar, '.', BAR);
	memset(bar, '#', full);
	bar[BAR] = '\0';
	(void)snprintf(line, PROGRESS_TEXT, "[%s] %3d %%  ", bar, (int)(part * 100));
}

static void
put_left(char *line, size_t size, uint64_t done, uint64_t total, double seconds)
{
	double left = done == 0 || done >= total ? 0 : seconds / (double)done * (double)(total - done);
	unsigned long long whole = left > 360000 ? 360000 : (unsigned long long)left;

	if (whole >= 3600)
		(void)snprintf(
		    line, size, "  %llu:%02llu:%02llu left", whole / 3600, whole / 60 % 60, whole % 60);
	else
		(void)snprintf(line, size, "  %llu:%02llu left", whole / 60, whole % 60);
}

void
progress_line(char line[PROGRESS_TEXT], const struct counts *counts, uint64_t done, uint64_t total,
    double seconds, size_t width)
{
	uint64_t reports = counts->reports + counts->duplicates + counts->conflicts;
	char number[NUMBER_TEXT], rate[NUMBER_TEXT];
	size_t len;

	line[0] = '\0';
	if (total > 0)
		put_bar(line, done, total);
	len = strlen(line);
	(void)snprintf(line + len, PROGRESS_TEXT - len, "%s reports  %s/s", number_text(number, reports),
	    number_text(rate, seconds > 0 ? (uint64_t)((double)reports / seconds) : 0));
	len = strlen(line);
	if (total > 0 && done > 0)
		put_left(line + len, PROGRESS_TEXT - len, done, total, seconds);
	if (width < PROGRESS_TEXT)
		line[width] = '\0';
}

void
progress_begin(struct progress *progress, FILE *to, bool wanted)
{
	progress->to = wanted && isatty(fileno(to)) == 1 ? to : NULL;
	progress->started = progress->drawn = clock_seconds();
	progress->shown = false;
}

void
progress_show(struct progress *progress, const struct counts *counts, uint64_t done, uint64_t total)
{
	struct winsize size = {0};
	char line[PROGRESS_TEXT];
	size_t width = WIDTH_UNKNOWN;
	double now;

	if (progress->to == NULL)
		return;
	now = clock_seconds();
	if (progress->shown && now - progress->drawn < 0.1)
		return;
	progress->drawn = now;
	if (ioctl(fileno(progress->to), TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		width = size.ws_col;
	progress_line(line, counts, done, total, now - progress->started, width - 1);
	(void)fprintf(progress->to, "\r\033[K%s", line);
	(void)fflush(progress->to);
	progress->shown = true;
}

void
progress_clear(struct progress *progress)
{
	if (progress->to == NULL || !progress->shown)
		return;
	(void)fputs("\r\033[K", progress->to);
	(void)fflush(progress->to);
	progress->shown = false;
}
