/*
 * line: takes lines of a configuration file apart with inih, the one file that knows the library. It gets
 * each line by itself: so every mistake has its line, and none hides the next. Sections are read here,
 * because the library cuts their names at 49 bytes and doesn't tell of empty ones.
 */
#include "config/line.h"

#include "base/text.h"

#include <ini.h>
#include <string.h>

enum { LIBRARY_BYTES = LINE_BYTES + 3 /* CR, LF, NUL */ };

struct taking {
	struct line *line;
	struct arena *arena;
};

static const char *
copy(struct arena *arena, struct str str)
{
	char *to = arena_alloc(arena, str.len + 1);

	memcpy(to, str.data, str.len);
	to[str.len] = '\0';
	return to;
}

static int
take_pair(void *data, const char *section, const char *name, const char *value)
{
	struct taking *taking = data;

	(void)section;
	taking->line->kind = name[0] == '\0' ? LINE_WRONG : LINE_PAIR;
	taking->line->name = copy(taking->arena, str_of(name));
	taking->line->value = copy(taking->arena, str_of(value));
	return 1;
}

/* text is what stands behind the '['. */
static void
read_section(struct line *line, const char *text, struct arena *arena)
{
	size_t len = strcspn(text, "]"), word = 0;
	struct str inside = str_trim((struct str){text, len}), name;

	line->kind = LINE_BROKEN;
	if (text[len] == '\0' || str_trim(str_of(text + len + 1)).len > 0 || inside.len == 0)
		return;
	while (word < inside.len && !text_is_blank(inside.data[word]))
		word++;
	name = str_trim((struct str){inside.data + word, inside.len - word});
	line->kind = LINE_SECTION;
	line->name = copy(arena, (struct str){inside.data, word});
	line->value = name.len == 0 ? NULL : copy(arena, name);
}

void
line_read(struct line *line, const char *text, struct arena *arena)
{
	struct taking taking = {line, arena};

	*line = (struct line){LINE_WRONG, NULL, NULL};
	while (text_is_blank(*text))
		text++;
	if (*text == '[') {
		read_section(line, text + 1, arena);
		return;
	}
	ini_max_line = LIBRARY_BYTES;
	ini_allow_multiline = false;
	/* "; " may well be part of a command or a password: a comment has its own line. */
	ini_allow_inline_comments = false;
	if (ini_parse_string(text, take_pair, &taking) == 0 && line->name == NULL)
		line->kind = LINE_NOTHING;
}
