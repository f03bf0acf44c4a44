/* mem: allocation that succeeds or ends the program. */
#include "base/mem.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CAP = 64 };

void
mem_ran_out(void)
{
	static const char text[] = "dmarcq: out of memory\n";
	ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);

	(void)written;
	_exit(EXIT_CODE_MEMORY);
}

static void *
mem_check(void *memory)
{
	if (memory == NULL)
		mem_ran_out();
	return memory;
}

void *
mem_alloc(size_t size)
{
	return mem_check(malloc(size > 0 ? size : 1));
}

void *
mem_zero(size_t count, size_t size)
{
	return mem_check(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *
mem_grow(void *old, size_t size)
{
	return mem_check(realloc(old, size > 0 ? size : 1));
}

void *
mem_room(void *old, size_t *cap, size_t count, size_t size)
{
	if (count < *cap)
		return old;
	*cap = *cap == 0 ? FIRST_CAP : *cap * 2;
	return mem_grow(old, *cap * size);
}

char *
mem_copy(const char *text)
{
	return mem_copy_n(text, strlen(text));
}

char *
mem_copy_n(const void *bytes, size_t size)
{
	char *copy = mem_alloc(size + 1);

	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}
