/*
 * mem: memory that cannot be had ends the program with exit code 71. That is honest only because every
 * length that comes from outside is checked against limits.h before it is allocated.
 */
#ifndef DMARCQ_BASE_MEM_H
#define DMARCQ_BASE_MEM_H

#include <stddef.h>

/* Like malloc, calloc, realloc and strdup, but never return NULL. Freed with free. */
void *mem_alloc(size_t size);
void *mem_zero(size_t count, size_t size);
void *mem_grow(void *old, size_t size);
/*
 * Room for one more thing of size bytes behind count of them: old while there is, else moved to twice as
 * much. *cap is for how many there is room, 0 with NULL at first.
 */
void *mem_room(void *old, size_t *cap, size_t count, size_t size);
char *mem_copy(const char *text);
/* A copy of size bytes with a NUL behind them. */
char *mem_copy_n(const void *bytes, size_t size);
/* Ends the program as they do, when a library of its own allocation says that there is none left. */
_Noreturn void mem_ran_out(void);

#endif
