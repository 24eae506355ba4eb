int no_licence_line;
