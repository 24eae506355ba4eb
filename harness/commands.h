/* SPDX-License-Identifier: GPL-2.0 */
/*
 * commands.h - what `lastref` can do; main.c has the table
 */
#ifndef LASTREF_COMMANDS_H
#define LASTREF_COMMANDS_H

#include "options.h"

extern const struct command command_doctor;
extern const struct command command_run;
extern const struct command command_list;
extern const struct command command_explore;
extern const struct command command_matrix;
extern const struct command command_report;
extern const struct command command_repro;
extern const struct command command_shell;
extern const struct command command_bench;
extern const struct command command_tally;
extern const struct command command_scan;
extern const struct command command_unload;
extern const struct command command_check_module;

/* argv[0] of the program, for the command that repeats a run. */
extern const char *program_name;

#endif
