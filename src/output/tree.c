/* tree: objects and arrays of JSON. Each object of an array has a line of its own, so that diff and grep see
 * it. */
#include "output/tree.h"

#include "output/driver.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

void
tree_begin(struct tree *tree, struct output *out)
{
	*tree = (struct tree){.out = out};
}

static void
put_key(struct tree *tree, const char *key)
{
	if (tree->follows)
		output_byte(tree->out, ',');
	if (tree->depth <= 1 || key == NULL)
		output_text(tree->out, tree->depth == 0 ? "" : "\n");
	tree->follows = true;
	if (key == NULL)
		return;
	output_json_text(tree->out, str_of(key));
	output_byte(tree->out, ':');
}

static void
open_level(struct tree *tree, const char *key, char bracket)
{
	put_key(tree, key);
	output_byte(tree->out, bracket);
	tree->depth++;
	tree->follows = false;
}

static void
close_level(struct tree *tree, char bracket)
{
	tree->depth--;
	if (tree->depth == 0)
		output_byte(tree->out, '\n');
	output_byte(tree->out, bracket);
	tree->follows = true;
}

void
tree_object(struct tree *tree, const char *key)
{
	open_level(tree, key, '{');
}

void
tree_object_end(struct tree *tree)
{
	close_level(tree, '}');
}

void
tree_array(struct tree *tree, const char *key)
{
	open_level(tree, key, '[');
}

void
tree_array_end(struct tree *tree)
{
	close_level(tree, ']');
}

void
tree_text(struct tree *tree, const char *key, struct str text)
{
	put_key(tree, key);
	if (text.data == NULL)
		output_text(tree->out, "null");
	else
		output_json_text(tree->out, text);
}

void
tree_count(struct tree *tree, const char *key, uint64_t number)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%" PRIu64, number);
	put_key(tree, key);
	output_text(tree->out, text);
}

void
tree_real(struct tree *tree, const char *key, double number)
{
	char text[32] = "null";

	if (isfinite(number))
		(void)snprintf(text, sizeof text, "%.6g", number);
	put_key(tree, key);
	output_text(tree->out, text);
}

void
tree_flag(struct tree *tree, const char *key, bool flag)
{
	put_key(tree, key);
	output_text(tree->out, flag ? "true" : "false");
}

void
tree_day(struct tree *tree, const char *key, int64_t day, bool known)
{
	char text[TIME_TEXT];

	if (known)
		day_format(text, day);
	tree_text(tree, key, str_of(known ? text : NULL));
}

enum status
tree_end(struct tree *tree, struct err *err)
{
	output_byte(tree->out, '\n');
	return output_written(tree->out, err);
}
