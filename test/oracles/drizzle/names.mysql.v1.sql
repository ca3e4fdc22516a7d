CREATE TABLE `customers` (
	`id` int AUTO_INCREMENT PRIMARY KEY,
	`emailAddress` varchar(100),
	`fullName` varchar(100) NOT NULL,
	`bornOn` int,
	CONSTRAINT `emailAddress_unique` UNIQUE INDEX(`emailAddress`),
	CONSTRAINT `fullName_unique` UNIQUE INDEX(`fullName`),
	CONSTRAINT `fullName_bornOn_unique` UNIQUE INDEX(`fullName`,`bornOn`),
	CONSTRAINT `customers_born` UNIQUE INDEX(`bornOn`)
);
--> statement-breakpoint
CREATE TABLE `lines` (
	`customerId` int,
	`orderNo` int
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`customerId` int,
	`no` int,
	CONSTRAINT PRIMARY KEY(`customerId`,`no`)
);
--> statement-breakpoint
CREATE TABLE `a_table_with_quite_a_long_name_indeed` (
	`aColumnWithQuiteALongName` int
);
--> statement-breakpoint
ALTER TABLE `lines` ADD CONSTRAINT `lines_customerId_orderNo_orders_customerId_no_fkey` FOREIGN KEY (`customerId`,`orderNo`) REFERENCES `orders`(`customerId`,`no`);--> statement-breakpoint
ALTER TABLE `orders` ADD CONSTRAINT `orders_customerId_customers_id_fkey` FOREIGN KEY (`customerId`) REFERENCES `customers`(`id`);--> statement-breakpoint
ALTER TABLE `a_table_with_quite_a_long_name_indeed` ADD CONSTRAINT `a_table_with_quite_a_long_name_indeed_Th1BXDY2JXQf_fkey` FOREIGN KEY (`aColumnWithQuiteALongName`) REFERENCES `customers`(`id`);