/* SPDX-License-Identifier: GPL-2.0 */
/*
 * LockCnt's own race windows.  It knows of no table whose host it could ask, so
 * the build has lockcnt_window() mean this function: Kbuild.objs.
 */
#ifndef _LASTREF_TORTURE_WINDOW_H
#define _LASTREF_TORTURE_WINDOW_H

void torture_lockcnt_window(void);

#endif /* _LASTREF_TORTURE_WINDOW_H */
