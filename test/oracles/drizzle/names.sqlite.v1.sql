CREATE TABLE `customers` (
	`id` integer PRIMARY KEY,
	`emailAddress` text UNIQUE,
	`fullName` text NOT NULL UNIQUE,
	`bornOn` integer CONSTRAINT `customers_born` UNIQUE,
	CONSTRAINT `customers_fullName_bornOn_unique` UNIQUE(`fullName`,`bornOn`)
);
--> statement-breakpoint
CREATE TABLE `lines` (
	`customerId` integer,
	`orderNo` integer,
	CONSTRAINT `fk_lines_customerId_orderNo_orders_customerId_no_fk` FOREIGN KEY (`customerId`,`orderNo`) REFERENCES `orders`(`customerId`,`no`)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`customerId` integer,
	`no` integer,
	CONSTRAINT `orders_pk` PRIMARY KEY(`customerId`, `no`),
	CONSTRAINT `fk_orders_customerId_customers_id_fk` FOREIGN KEY (`customerId`) REFERENCES `customers`(`id`)
);
