/* field: lines, names and values. Blanks before the colon are seen and allowed, as in mails of any kind. */
#include "parse/field.h"

#include <string.h>

bool
line_next(struct str *line, struct str *rest)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->data, '\n', rest->len);
	line->data = rest->data;
	line->len = end != NULL ? (size_t)(end - rest->data) : rest->len;
	rest->data += line->len + (end != NULL);
	rest->len -= line->len + (end != NULL);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool
field_of_line(struct field *field, struct str line)
{
	size_t len = 0, end;

	while (len < line.len && line.data[len] > ' ' && line.data[len] < 127 && line.data[len] != ':')
		len++;
	for (end = len; end < line.len && (line.data[end] == ' ' || line.data[end] == '\t'); end++)
		continue;
	if (len == 0 || end == line.len || line.data[end] != ':')
		return false;
	field->name = (struct str){line.data, len};
	field->value = str_trim((struct str){line.data + end + 1, line.len - end - 1});
	return true;
}

static bool
is_folded(struct str rest)
{
	struct str line;

	return rest.len > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t') && line_next(&line, &rest) &&
	       str_trim(line).len > 0;
}

/* The value from data to end without its line ends, which leaves the blanks of the folding. */
static struct str
unfolded(const char *data, const char *end, struct arena *arena)
{
	char *to = arena_alloc(arena, (size_t)(end - data) + 1);
	size_t len = 0;

	for (; data < end; data++)
		if (*data != '\r' && *data != '\n')
			to[len++] = *data;
	return str_trim((struct str){to, len});
}

bool
field_next(struct field *field, struct str *rest, struct arena *arena)
{
	struct str line, more;

	while (line_next(&line, rest)) {
		if (str_trim(line).len == 0)
			return false;
		if (!field_of_line(field, line))
			continue;
		if (!is_folded(*rest))
			return true;
		while (is_folded(*rest))
			(void)line_next(&more, rest);
		field->value = unfolded(field->value.data, more.data + more.len, arena);
		return true;
	}
	return false;
}
