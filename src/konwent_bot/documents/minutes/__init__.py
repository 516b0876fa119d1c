"""Minutes: facts of a meeting -> a draft whose paragraphs know their facts -> what a version says, word for word -> the document."""
